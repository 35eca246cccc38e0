// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title RFC 7638, written for reading
/// @notice What the registry's kids are held against: no code of it is the registry's or OpenZeppelin's.
library Thumbprint {
    /// @notice The kid of a P-256 key over its coordinates as published.
    function kidOf(bytes memory x, bytes memory y) internal pure returns (bytes32) {
        // solhint-disable quotes
        string memory members = string.concat('"crv":"P-256","kty":"EC","x":"', base64url(x), '","y":"', base64url(y));
        return sha256(bytes(string.concat("{", members, '"}')));
        // solhint-enable quotes
    }

    /// @notice Every kid of a point: each coordinate with none, one, … of its leading zero bytes left out.
    function all(bytes32 x, bytes32 y) internal pure returns (bytes32[] memory kids) {
        (uint256 xs, uint256 ys) = (_leadingZeros(x) + 1, _leadingZeros(y) + 1);
        kids = new bytes32[](xs * ys);
        for (uint256 i = 0; i < xs; ++i) {
            for (uint256 j = 0; j < ys; ++j) kids[i * ys + j] = kidOf(tail(x, i), tail(y, j));
        }
    }

    /// @notice RFC 4648 section 5 without padding.
    function base64url(bytes memory data) internal pure returns (string memory) {
        bytes memory alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        bytes memory text = new bytes((8 * data.length + 5) / 6);
        (uint256 buffer, uint256 bits, uint256 written) = (0, 0, 0);
        for (uint256 i = 0; i < data.length; ++i) {
            buffer = ((buffer << 8) | uint8(data[i])) & 0xffff;
            for (bits += 8; bits >= 6; ++written) {
                bits -= 6;
                text[written] = alphabet[(buffer >> bits) & 63];
            }
        }
        if (bits > 0) text[written] = alphabet[(buffer << (6 - bits)) & 63];
        return string(text);
    }

    /// @notice A word without its first bytes.
    function tail(bytes32 word, uint256 skipped) internal pure returns (bytes memory bytes_) {
        bytes_ = new bytes(32 - skipped);
        for (uint256 i = 0; i < bytes_.length; ++i) bytes_[i] = word[skipped + i];
    }

    /// @dev At most 31: a coordinate of no bytes is none.
    function _leadingZeros(bytes32 word) private pure returns (uint256 count) {
        while (count < 31 && word[count] == 0) ++count;
    }
}
