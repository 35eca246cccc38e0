// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {RegistryLog} from "../../contracts/RegistryLog.sol";
import {Dice} from "./Dice.sol";
import {ICheatcodes, VM} from "./Cheatcodes.sol";

/// @notice A log that appends whatever it is told to.
contract AnyLog is RegistryLog {
    function append(bytes32 signature, bytes32 first, bytes calldata data) external {
        _append(signature, first, data);
    }

    function append(bytes32 signature, bytes32 first, bytes32 second, bytes calldata data) external {
        _append(signature, first, second, data);
    }

    function logHead() external view returns (bytes32 head, uint64 size) {
        return _headAndSize();
    }

    /// @dev Memory that was in use before must not find its way into a log.
    function appendOverUsedMemory(bytes32 signature, bytes32 first, bytes calldata data) external {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let free := mload(0x40)
            for {
                let i := 0
            } lt(i, 0x800) {
                i := add(i, 0x20)
            } {
                mstore(add(free, i), not(0))
            }
        }
        _append(signature, first, data);
    }
}

/// @title The head of the log
/// @notice The head is the published formula over the emitted logs, whatever they hold.
contract RegistryLogTest {
    AnyLog private _log;

    function setUp() public {
        _log = new AnyLog();
    }

    /// @notice One event with data of any length.
    function testFuzz_headIsTheFormulaOverOneLog(
        bytes32 signature,
        bytes32 first,
        bytes32 second,
        bytes calldata data
    ) public {
        VM.recordLogs();
        _log.append(signature, first, data);
        _log.append(signature, first, second, data);
        _log.appendOverUsedMemory(signature, first, data);

        ICheatcodes.Log[] memory logs = VM.getRecordedLogs();
        VM.assertEq(logs.length, 3, "one log an event");
        _checkLog(logs[0], abi.encodePacked(signature, uint256(0), first), data);
        _checkLog(logs[1], abi.encodePacked(signature, uint256(1), first, second), data);
        _checkLog(logs[2], abi.encodePacked(signature, uint256(2), first), data);
        _checkHead(logs);
    }

    /// @notice Many events with data of lengths around a word and up to some pages.
    function testFuzz_headIsTheFormulaOverManyLogs(uint256 seed) public {
        Dice memory dice = Dice(seed);
        VM.recordLogs();
        uint256 count = 1 + dice.roll(12);
        for (uint256 i = 0; i < count; ++i) {
            bytes memory data = new bytes(dice.once(5) ? dice.roll(3000) : dice.roll(100));
            for (uint256 j = 0; j < data.length; j += 1 + dice.roll(50)) data[j] = bytes1(uint8(dice.roll(256)));
            if (dice.once(2)) _log.append(bytes32(dice.state), bytes32(i), data);
            else _log.append(bytes32(dice.state), bytes32(i), bytes32(seed), data);
        }
        ICheatcodes.Log[] memory logs = VM.getRecordedLogs();
        VM.assertEq(logs.length, count, "one log an event");
        _checkHead(logs);
    }

    function _checkLog(ICheatcodes.Log memory log, bytes memory topics, bytes calldata data) private pure {
        VM.assertEq(abi.encodePacked(log.topics), topics, "topics");
        VM.assertEq(log.data, data, "data");
    }

    /// @dev head' = keccak256(head ++ keccak256(uint8(topicCount) ++ topics ++ data)), from the first head on.
    function _checkHead(ICheatcodes.Log[] memory logs) private view {
        bytes32 expected = keccak256(abi.encode("pratique/log/1", block.chainid, address(_log)));
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes memory record = abi.encodePacked(uint8(logs[i].topics.length), logs[i].topics, logs[i].data);
            expected = keccak256(bytes.concat(expected, keccak256(record)));
        }
        (bytes32 head, uint64 size) = _log.logHead();
        VM.assertEq(head, expected, "head");
        VM.assertEq(size, logs.length, "size");
    }
}
