// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Names, codes and DIDs
/// @notice Which texts the registry takes.
library Names {
    uint256 private constant MAX_NAME_BYTES = 200;
    uint256 private constant MAX_DID_BYTES = 512;
    bytes3 private constant BYTE_ORDER_MARK = 0xefbbbf;

    // One byte 32 times, to look at 32 characters at once.
    uint256 private constant EACH = type(uint256).max / 0xff;
    uint256 private constant SPACES = 0x20 * EACH;
    uint256 private constant DELETES = 0x7f * EACH;
    uint256 private constant HIGH_BITS = 0x80 * EACH;

    // Sets of characters: bit c is set if the character c belongs to it.
    uint256 private constant DIGITS = ((1 << 10) - 1) << 0x30;
    uint256 private constant CAPITALS = ((1 << 26) - 1) << 0x41;
    uint256 private constant SMALL = ((1 << 26) - 1) << 0x61;
    /// @dev A-Z 0-9 -
    uint256 private constant CODE = CAPITALS | DIGITS | (1 << 0x2d);
    /// @dev Of a DID (DID Core section 3.1): A-Z a-z 0-9 . - _ : %
    uint256 private constant DID = CODE | SMALL | (1 << 0x2e) | (1 << 0x5f) | (1 << 0x3a) | (1 << 0x25);

    /// @notice Whether a name has 1 to 200 bytes.
    function isLength(string calldata name) internal pure returns (bool) {
        return bytes(name).length != 0 && bytes(name).length <= MAX_NAME_BYTES;
    }

    /// @notice Whether a name is without control characters, which would act on whatever shows it.
    /// @dev A byte order mark is dropped by decoders, and a name of nothing else would read as none. Invalid UTF-8 is dear
    /// to find; readers replace it.
    function isName(string calldata name) internal pure returns (bool) {
        if (bytes3(bytes(name)) == BYTE_ORDER_MARK) return false;
        uint256 length = bytes(name).length;
        unchecked {
            for (uint256 i = 0; i < length; i += 32) {
                uint256 word = uint256(bytes32(bytes(name)[i:]));
                if (length - i < 32) word |= SPACES >> (8 * (length - i));
                // A byte below n leaves its high bit set in word - n. The lowest such byte does so for certain.
                uint256 deletes = word ^ DELETES;
                uint256 controls = ((word - SPACES) & ~word) | ((deletes - EACH) & ~deletes);
                if (controls & HIGH_BITS != 0) return false;
            }
        }
        return true;
    }

    /// @notice Whether a code is 1 to 32 of A-Z 0-9 -, left-aligned.
    function isCode(bytes32 code) internal pure returns (bool) {
        uint256 length = 0;
        while (length < 32 && code[length] != 0) {
            if ((CODE >> uint8(code[length])) & 1 == 0) return false;
            ++length;
        }
        return length > 0 && (length == 32 || code << (8 * length) == 0);
    }

    /// @notice Whether a text is `did:`, something, and of a DID's characters throughout.
    function isDid(string calldata did) internal pure returns (bool) {
        bytes calldata text = bytes(did);
        if (text.length < 8 || text.length > MAX_DID_BYTES || bytes4(text) != "did:") return false;
        for (uint256 i = 4; i < text.length; ++i) {
            if ((DID >> uint8(text[i])) & 1 == 0) return false;
        }
        return true;
    }
}
