// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The registry's log and its head
/// @notice Every log event goes through `_append`, so the head can never say anything else than the emitted log.
abstract contract RegistryLog {
    bytes32 private _head;
    uint64 private _size;
    // Here, since every new issuer and venue writes this slot already.
    uint64 private _issuerCount;
    uint64 private _venueCount;

    /// @dev Chain and address are part of the first head, so a log cannot be passed off as another registry's.
    constructor() {
        _head = keccak256(abi.encode("pratique/log/1", block.chainid, address(this)));
    }

    /// @notice Emits one log event with two indexed parameters, `seq` and one more, and moves the head over it.
    /// @param signature topic 0 of the event
    /// @param first its indexed parameter after `seq`
    /// @param data `abi.encode` of its other parameters
    function _append(bytes32 signature, bytes32 first, bytes memory data) internal {
        _append({topicCount: 3, signature: signature, first: first, second: 0, data: data});
    }

    /// @notice Emits one log event with three indexed parameters, `seq` and two more, and moves the head over it.
    function _append(bytes32 signature, bytes32 first, bytes32 second, bytes memory data) internal {
        _append({topicCount: 4, signature: signature, first: first, second: second, data: data});
    }

    /// @dev Hash and log are taken from the same bytes in memory: `uint8(topicCount) ++ topics ++ data`.
    function _append(uint256 topicCount, bytes32 signature, bytes32 first, bytes32 second, bytes memory data) private {
        bytes32 head = _head;
        uint64 seq = _size;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let record := mload(0x40)
            let topics := add(record, 1)
            let start := add(topics, mul(0x20, topicCount))
            let length := mload(data)
            mstore8(record, topicCount)
            mstore(topics, signature)
            mstore(add(topics, 0x20), seq)
            mstore(add(topics, 0x40), first)
            mstore(add(topics, 0x60), second) // overwritten by the data if there is no such topic
            mcopy(start, add(data, 0x20), length)

            mstore(0x00, head)
            mstore(0x20, keccak256(record, add(length, sub(start, record))))
            head := keccak256(0x00, 0x40)

            switch topicCount
            case 3 {
                log3(start, length, mload(topics), mload(add(topics, 0x20)), mload(add(topics, 0x40)))
            }
            default {
                log4(
                    start,
                    length,
                    mload(topics),
                    mload(add(topics, 0x20)),
                    mload(add(topics, 0x40)),
                    mload(add(topics, 0x60))
                )
            }
        }
        _head = head;
        _size = seq + 1;
    }

    function _nextIssuerId() internal returns (uint64) {
        return ++_issuerCount;
    }

    function _nextVenueId() internal returns (uint64) {
        return ++_venueCount;
    }

    function _now() internal view returns (uint64) {
        return uint64(block.timestamp);
    }

    function _headAndSize() internal view returns (bytes32 head, uint64 size) {
        return (_head, _size);
    }
}
