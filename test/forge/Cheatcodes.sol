// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The cheatcodes of forge that these tests use
/// @notice Declared here, since the one forge-std on npm is a stranger's and years old.
interface ICheatcodes {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function assertEq(uint256 left, uint256 right, string calldata what) external pure;
    function assertEq(bytes32 left, bytes32 right, string calldata what) external pure;
    function assertEq(address left, address right, string calldata what) external pure;
    function assertEq(bool left, bool right, string calldata what) external pure;
    function assertEq(bytes calldata left, bytes calldata right, string calldata what) external pure;
    function assertTrue(bool holds, string calldata what) external pure;
    function assertGe(uint256 left, uint256 right, string calldata what) external pure;
    function assume(bool holds) external pure;

    function accesses(address target) external returns (bytes32[] memory reads, bytes32[] memory writes);
    function addr(uint256 secret) external pure returns (address);
    function chainId(uint256 id) external;
    function getCode(string calldata artifact) external view returns (bytes memory);
    function getRecordedLogs() external returns (Log[] memory logs);
    function load(address target, bytes32 slot) external view returns (bytes32 word);
    function prank(address sender) external;
    function publicKeyP256(uint256 secret) external pure returns (uint256 x, uint256 y);
    function record() external;
    function recordLogs() external;
    function sign(uint256 secret, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function signP256(uint256 secret, bytes32 digest) external pure returns (bytes32 r, bytes32 s);
    function toString(bytes calldata data) external pure returns (string memory);
    function warp(uint256 time) external;
}

ICheatcodes constant VM = ICheatcodes(address(uint160(uint256(keccak256("hevm cheat code")))));
