// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The registry's log and its head
/// @notice Every log event goes through `_append`, so the head can never say anything else than the emitted log.
abstract contract RegistryLog {
    bytes32 private _head;
    uint64 private _size;
    uint64 private _issuerCount; // here, since every new issuer writes this slot already

    /// @dev Chain and address are part of the first head, so a log cannot be passed off as another registry's.
    constructor() {
        _head = keccak256(abi.encode("pratique/log/1", block.chainid, address(this)));
    }

    /// @notice Emits one log event and moves the head over it.
    /// @dev Hash and log are taken from the same bytes in memory:
    /// `uint8(topicCount) ++ topics ++ data`.
    /// @param signature topic 0 of the event
    /// @param indexedWords `abi.encode` of the event's indexed parameters after `seq`: one or two words
    /// @param data `abi.encode` of its other parameters
    function _append(bytes32 signature, bytes memory indexedWords, bytes memory data) internal {
        uint64 seq = _size;
        uint256 indexedLength = indexedWords.length;
        uint256 dataLength = data.length;
        assert(indexedLength == 0x20 || indexedLength == 0x40);

        // solhint-disable-next-line func-named-parameters
        bytes memory record = abi.encodePacked(
            uint8(2 + indexedLength / 0x20),
            signature,
            uint256(seq),
            indexedWords,
            data
        );
        _head = keccak256(bytes.concat(_head, keccak256(record)));
        _size = seq + 1;

        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let t := add(record, 0x21) // past the length word and the topic count
            switch indexedLength
            case 0x20 {
                log3(add(t, 0x60), dataLength, mload(t), mload(add(t, 0x20)), mload(add(t, 0x40)))
            }
            default {
                log4(add(t, 0x80), dataLength, mload(t), mload(add(t, 0x20)), mload(add(t, 0x40)), mload(add(t, 0x60)))
            }
        }
    }

    function _nextIssuerId() internal returns (uint64) {
        return ++_issuerCount;
    }

    function _now() internal view returns (uint64) {
        return uint64(block.timestamp);
    }

    function _headAndSize() internal view returns (bytes32 head, uint64 size) {
        return (_head, _size);
    }
}
