// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/IAccessControlDefaultAdminRules.sol";
import {IIssuerRegistry} from "../../contracts/IIssuerRegistry.sol";
import {RegistryLens} from "../../contracts/RegistryLens.sol";
import {ICheatcodes, VM} from "./Cheatcodes.sol";

/// @notice All that the deployed registry answers.
interface IRegistry is IIssuerRegistry, IAccessControlDefaultAdminRules {
    function nonces(address signer) external view returns (uint256);
}

/// @title A registry as it is shipped
/// @notice The very bytes that Hardhat compiled and `contracts/bytecode.ts` carries, not another compilation of them.
abstract contract RegistryFixture {
    uint48 internal constant DELAY = 1 days;
    uint64 internal constant START = 1_760_000_000;
    uint64 internal constant MAX_TIME = 1e11;
    uint64 internal constant MAX_EXACT = 2 ** 53 - 1;
    uint256 internal constant P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;
    bytes32 internal constant GUARDIAN = keccak256("GUARDIAN");
    bytes32 internal constant NEW_YORK = "US-NY";
    address internal constant GOVERNOR = address(0x1111);
    address internal constant ACCREDITOR = address(0x2222);
    address internal constant CONTROLLER = address(0x3333);

    IRegistry internal registry;
    RegistryLens internal lens;

    /// @notice An empty registry, its governor and the time.
    function setUp() public virtual {
        VM.warp(START);
        registry = IRegistry(_deployed("IssuerRegistry", abi.encode(DELAY, GOVERNOR)));
        lens = RegistryLens(registry.lens());
    }

    function _deployed(string memory name, bytes memory arguments) internal returns (address target) {
        bytes memory code = bytes.concat(
            VM.getCode(string.concat("artifacts/contracts/", name, ".sol/", name, ".json")),
            arguments
        );
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            target := create(0, add(code, 0x20), mload(code))
        }
        VM.assertTrue(target != address(0), "deployed");
    }

    function _openJurisdiction(bytes32 code) internal {
        VM.prank(GOVERNOR);
        registry.openJurisdiction(code, "A jurisdiction", ACCREDITOR);
    }

    /// @dev An active issuer, accredited from 0 without end, in New York.
    function _newIssuer(address controller) internal pure returns (IIssuerRegistry.NewIssuer memory issuer) {
        issuer.iss = "https://issuer.example";
        issuer.name = "An issuer";
        issuer.jurisdiction = NEW_YORK;
        issuer.controller = controller;
        issuer.status = IIssuerRegistry.IssuerStatus.Active;
    }

    function _registerIssuer(address controller) internal returns (uint64 issuerId) {
        VM.prank(ACCREDITOR);
        return registry.registerIssuer(_newIssuer(controller));
    }

    /// @dev A secret of a P-256 key, of any number.
    function _secret(uint256 seed) internal pure returns (uint256) {
        return 1 + (seed % (P256_ORDER - 1));
    }

    function _point(uint256 secret) internal pure returns (bytes32 x, bytes32 y) {
        (uint256 a, uint256 b) = VM.publicKeyP256(secret);
        return (bytes32(a), bytes32(b));
    }

    /// @dev ES256 in its low form.
    function _es256(uint256 secret, bytes memory message) internal pure returns (bytes32 r, bytes32 s) {
        (r, s) = VM.signP256(secret, sha256(message));
        if (uint256(s) > P256_ORDER / 2) s = bytes32(P256_ORDER - uint256(s));
    }

    function _possession(IIssuerRegistry.NewKey memory key, bytes32 kid) internal view returns (bytes memory) {
        return
            abi.encode(
                "pratique/key-possession/1",
                block.chainid,
                address(registry),
                uint256(key.issuerId),
                kid,
                key.validFrom,
                key.validUntil
            );
    }

    /// @dev The one log that the registry emitted since `recordLogs`.
    function _onlyLog() internal returns (ICheatcodes.Log memory log) {
        ICheatcodes.Log[] memory logs = VM.getRecordedLogs();
        VM.assertEq(logs.length, 1, "one event");
        return logs[0];
    }

    /// @dev The first four bytes of what a call answered when it reverted.
    function _selector(bytes memory refusal) internal pure returns (bytes32) {
        return bytes32(bytes4(refusal));
    }
}
