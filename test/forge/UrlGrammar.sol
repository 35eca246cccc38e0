// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Dice} from "./Dice.sol";

/// @title The URLs that the registry takes, written for reading
/// @notice `https://host[:port][/segment…]` taken apart at its separators, each part looked at by itself.
library UrlGrammar {
    string private constant ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// @notice The did:web of a URL; empty if the URL is none that the registry takes.
    function didOf(bytes memory url) internal pure returns (bytes memory) {
        if (url.length > 256 || url.length < 8) return "";
        if (keccak256(_part(url, 0, 8)) != keccak256("https://")) return "";
        bytes[] memory parts = _split(_part(url, 8, url.length), "/");
        bytes memory did = bytes.concat("did:web:", _authority(parts[0]));
        if (did.length == 8) return "";
        for (uint256 i = 1; i < parts.length; ++i) {
            if (!_isSegment(parts[i])) return "";
            did = bytes.concat(did, ":");
            for (uint256 j = 0; j < parts[i].length; ++j) {
                bytes1 c = parts[i][j];
                did = bytes.concat(
                    did,
                    c == "+"
                        ? bytes("%2B")
                        : c == "~"
                            ? bytes("%7E")
                            : bytes.concat(c)
                );
            }
        }
        return did;
    }

    /// @notice A text that is such a URL about every second time.
    function someUrl(Dice memory dice) internal pure returns (bytes memory made) {
        bytes memory hostCharacters = bytes(string.concat(ALPHANUMERIC, "-"));
        made =
            dice.once(20) ? bytes(["http://", "https:/", "HTTPS://", "", "did:web:"][dice.roll(5)]) : bytes("https://");
        for (uint256 labels = 1 + dice.roll(4); labels > 0; --labels) {
            uint256 length = dice.once(25) ? 0 : 1 + dice.roll(dice.once(10) ? 40 : 7);
            made = bytes.concat(made, dice.text(hostCharacters, length), bytes(labels > 1 ? "." : ""));
        }
        if (dice.once(3)) made = bytes.concat(made, ":", _somePort(dice));
        bytes memory pathCharacters = bytes(string.concat(ALPHANUMERIC, "-._+~"));
        for (uint256 segments = dice.roll(5); segments > 0; --segments) {
            made = bytes.concat(made, "/", _someSegment(dice, pathCharacters));
        }
        if (dice.once(20))
            made = bytes.concat(made, "/", dice.text(pathCharacters, _missing(255 + dice.roll(3), made)));
        if (dice.once(4)) made = dice.spoiled(made);
    }

    function _authority(bytes memory authority) private pure returns (bytes memory) {
        bytes[] memory parts = _split(authority, ":");
        bytes[] memory labels = _split(parts[0], ".");
        for (uint256 i = 0; i < labels.length; ++i) {
            if (labels[i].length == 0 || !_isOf(labels[i], "-")) return "";
        }
        if (parts.length == 1) return parts[0];
        return parts.length == 2 && _isPort(parts[1]) ? bytes.concat(parts[0], "%3A", parts[1]) : bytes("");
    }

    function _isPort(bytes memory digits) private pure returns (bool) {
        if (digits.length == 0 || digits.length > 5 || digits[0] == "0") return false;
        uint256 port = 0;
        for (uint256 i = 0; i < digits.length; ++i) {
            if (digits[i] < "0" || digits[i] > "9") return false;
            port = port * 10 + uint8(digits[i]) - 48;
        }
        return port < 65_536 && port != 443;
    }

    function _isSegment(bytes memory segment) private pure returns (bool) {
        bytes32 hash = keccak256(segment);
        if (segment.length == 0 || hash == keccak256(".") || hash == keccak256("..")) return false;
        return _isOf(segment, "._-+~");
    }

    /// @dev Whether all are letters, digits or of some more characters.
    function _isOf(bytes memory text, bytes memory more) private pure returns (bool) {
        for (uint256 i = 0; i < text.length; ++i) {
            bytes1 c = text[i];
            bool letter = (c >= "a" && c <= "z") || (c >= "A" && c <= "Z");
            if (letter || (c >= "0" && c <= "9")) continue;
            uint256 j = 0;
            while (j < more.length && more[j] != c) ++j;
            if (j == more.length) return false;
        }
        return true;
    }

    /// @dev The parts between separators; the whole if there is none.
    function _split(bytes memory text, bytes1 separator) private pure returns (bytes[] memory parts) {
        uint256 count = 1;
        for (uint256 i = 0; i < text.length; ++i) if (text[i] == separator) ++count;
        parts = new bytes[](count);
        uint256 start = 0;
        uint256 part = 0;
        for (uint256 i = 0; i <= text.length; ++i) {
            if (i < text.length && text[i] != separator) continue;
            parts[part++] = _part(text, start, i);
            start = i + 1;
        }
    }

    function _part(bytes memory text, uint256 start, uint256 end) private pure returns (bytes memory part) {
        part = new bytes(end - start);
        for (uint256 i = 0; i < part.length; ++i) part[i] = text[start + i];
    }

    function _somePort(Dice memory dice) private pure returns (bytes memory) {
        if (dice.once(4)) return bytes(["443", "65535", "65536", "0", "01", "", "99999", "100000"][dice.roll(8)]);
        return dice.text("123456789", 1 + dice.roll(5));
    }

    function _someSegment(Dice memory dice, bytes memory characters) private pure returns (bytes memory) {
        if (dice.once(12)) return bytes(["", ".", "..", "...", ".a", "a."][dice.roll(6)]);
        return dice.text(characters, 1 + dice.roll(dice.once(10) ? 70 : 6));
    }

    function _missing(uint256 length, bytes memory made) private pure returns (uint256) {
        return made.length + 1 < length ? length - made.length - 1 : 1;
    }
}
