// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The did:web of an https URL
/// @notice Strict where URL parsers are lenient: two spellings of one URL would be two issuers. One difference is left:
/// hosts are taken as written, so that capitals, which mean nothing to a resolver, make another URL and another DID. The
/// same grammar stands in credential/did-web.ts: a URL that passes here and not there would make a whole trust document
/// unreadable.
library DidWeb {
    uint256 private constant MAX_URL_BYTES = 256;
    uint256 private constant SCHEME_BYTES = 8; // "https://", and "did:web:" just as well
    uint256 private constant MAX_PORT_DIGITS = 5;
    uint256 private constant MAX_PORT = 65_535;
    uint256 private constant DEFAULT_PORT = 443;
    uint256 private constant NO_PATH = type(uint256).max;

    // Sets of characters: bit c is set if the character c belongs to it.
    uint256 private constant DIGITS = ((1 << 10) - 1) << 0x30;
    /// @dev Of a host: A-Z a-z 0-9 . -
    uint256 private constant HOST =
        (((1 << 26) - 1) << 0x41) | (((1 << 26) - 1) << 0x61) | DIGITS | (1 << 0x2e) | (1 << 0x2d);
    /// @dev Of a path segment, and in a DID as they are: A-Z a-z 0-9 . _ -
    uint256 private constant PLAIN = HOST | (1 << 0x5f);

    // One byte 32 times, to look at 32 characters at once.
    uint256 private constant EACH = type(uint256).max / 0xff;
    uint256 private constant DOTS = 0x2e * EACH;

    /// @notice `https://host[:port][/segment…]` as a did:web: '/' becomes ':', what did:web cannot carry is
    /// percent-encoded.
    /// @dev Labels of A-Z a-z 0-9 -, none empty; a port from 1 to 65535 without leading zero, and not 443, which is
    /// said by leaving it out; segments of A-Z a-z 0-9 . _ - + ~, none empty, "." or "..". At most 256 bytes. Distinct
    /// URLs give distinct DIDs, since '%' and a ':' without a port occur in no URL that passes.
    /// @param url the text to read
    /// @return did the DID, with the host as written in `url`; empty if `url` is not such a URL
    function fromUrl(string calldata url) internal pure returns (bytes memory did) {
        bytes calldata text = bytes(url);
        uint256 length = text.length;
        if (length > MAX_URL_BYTES || length <= SCHEME_BYTES || bytes8(text) != "https://") return "";

        // Nothing below can overflow: every number is at most 3 * 256 + 32.
        unchecked {
            uint256 i = _endOfHost(text);
            if (i == 0) return "";

            // Room for three bytes per character.
            did = new bytes(3 * length);
            _copy(did, 0, text, 0);
            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                mstore(add(did, 0x20), or("did:web:", shr(64, shl(64, mload(add(did, 0x20))))))
            }
            uint256 shift = 0; // how much further on a character stands in `did`
            if (i < length && _at(text, i) == ":") {
                shift = _escape(did, shift, text, i, "%3A");
                i = _endOfPort(text, i + 1);
                if (i == 0) return "";
            }
            shift = _writePath(did, shift, text, i);
            if (shift == NO_PATH) return "";

            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                mstore(did, add(length, shift)) // shorten to what was written
            }
        }
    }

    /// @dev The position behind the host; 0 if there is no host or an empty label.
    function _endOfHost(bytes calldata text) private pure returns (uint256 end) {
        uint256 emptyLabels = 0;
        unchecked {
            end = _endOfRun(text, SCHEME_BYTES, HOST);
            if (end == SCHEME_BYTES || _at(text, SCHEME_BYTES) == "." || _at(text, end - 1) == ".") return 0;
            // 32 characters at once, of which the last is the first of the next 32: dots are looked for in pairs.
            for (uint256 i = SCHEME_BYTES; i < end; i += 31) {
                uint256 pairs = uint256(bytes32(text[i:end])) ^ DOTS;
                pairs |= (pairs << 8) | 1; // a byte is zero where it and its follower are dots
                emptyLabels |= (pairs - EACH) & ~pairs;
            }
            if (emptyLabels & (0x80 * EACH) != 0) return 0;
        }
    }

    /// @dev The position behind the port that begins at `start`; 0 if that is none.
    function _endOfPort(bytes calldata text, uint256 start) private pure returns (uint256 end) {
        unchecked {
            end = _endOfRun(text, start, DIGITS);
            if (end == start || end > start + MAX_PORT_DIGITS || _at(text, start) == "0") return 0;
            uint256 port = 0;
            for (uint256 i = start; i < end; ++i) port = 10 * port + uint8(_at(text, i)) - 0x30;
            if (port > MAX_PORT || port == DEFAULT_PORT) return 0;
        }
    }

    /// @dev Turns the path, which begins at `i`, into the end of the DID. Returns the new shift, or NO_PATH if it is no
    /// path.
    function _writePath(
        bytes memory did,
        uint256 shift,
        bytes calldata text,
        uint256 i
    ) private pure returns (uint256) {
        uint256 length = text.length;
        if (i == length) return shift;
        if (_at(text, i) != "/") return NO_PATH;
        unchecked {
            did[i + shift] = ":";
            uint256 start = ++i; // of the segment at hand
            while (true) {
                i = _endOfRun(text, i, PLAIN);
                if (i == length) break;

                bytes1 c = _at(text, i);
                if (c == "/" && !_isEmptyOrDots(text, start, i)) {
                    did[i + shift] = ":";
                    start = i + 1;
                } else if (c == "+") {
                    shift = _escape(did, shift, text, i, "%2B");
                } else if (c == "~") {
                    shift = _escape(did, shift, text, i, "%7E");
                } else {
                    return NO_PATH;
                }
                ++i;
            }
            return _isEmptyOrDots(text, start, length) ? NO_PATH : shift;
        }
    }

    /// @dev RFC 3986 section 5.2.4: "." and ".." are removed by readers, so they would name another place.
    function _isEmptyOrDots(bytes calldata text, uint256 start, uint256 end) private pure returns (bool) {
        unchecked {
            if (end > start + 2) return false;
            return end == start || (_at(text, start) == "." && _at(text, end - 1) == ".");
        }
    }

    /// @dev The character at `i`, which must be one of `text`: what lies behind is not looked at.
    function _at(bytes calldata text, uint256 i) private pure returns (bytes1 c) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            c := and(calldataload(add(text.offset, i)), shl(248, 0xff))
        }
    }

    /// @dev The first position from `start` on whose character is not one of `set`, or the length.
    function _endOfRun(bytes calldata text, uint256 start, uint256 set) private pure returns (uint256 end) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let c := add(text.offset, start)
            let last := add(text.offset, text.length)
            for {} and(lt(c, last), shr(byte(0, calldataload(c)), set)) {} {
                c := add(c, 1)
            }
            end := sub(c, text.offset)
        }
    }

    /// @dev Writes three characters for the one at `i` and the rest of `text` behind them. Returns the new shift.
    function _escape(
        bytes memory did,
        uint256 shift,
        bytes calldata text,
        uint256 i,
        bytes3 escaped
    ) private pure returns (uint256) {
        unchecked {
            _copy(did, i + shift + 3, text, i + 1);
            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                let at := add(add(add(did, 0x20), i), shift)
                mstore8(at, byte(0, escaped))
                mstore8(add(at, 1), byte(1, escaped))
                mstore8(add(at, 2), byte(2, escaped))
            }
            return shift + 2;
        }
    }

    /// @dev Copies `text` from `start` on to `offset`.
    function _copy(bytes memory did, uint256 offset, bytes calldata text, uint256 start) private pure {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            calldatacopy(add(add(did, 0x20), offset), add(text.offset, start), sub(text.length, start))
        }
    }
}
