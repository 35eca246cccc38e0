// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The did:web of an https URL
/// @notice Strict where URL parsers are lenient: two spellings of one place would be two issuers.
library DidWeb {
    uint256 private constant MAX_URL_BYTES = 256;
    uint256 private constant SCHEME_BYTES = 8; // "https://", and "did:web:" just as well

    /// @dev Bit c is set if a host or path segment may hold the character c, and a DID as it is: A-Z a-z 0-9 . _ -
    uint256 private constant PLAIN =
        (((1 << 26) - 1) << 0x41) |
            (((1 << 26) - 1) << 0x61) |
            (((1 << 10) - 1) << 0x30) |
            (1 << 0x2e) |
            (1 << 0x5f) |
            (1 << 0x2d);
    uint256 private constant DIGITS = ((1 << 10) - 1) << 0x30;

    /// @notice `https://host[:port][/segment…]` as a did:web: '/' becomes ':', what did:web cannot carry is
    /// percent-encoded.
    /// @dev Segments of A-Z a-z 0-9 . _ - + ~. No query, fragment, user, percent sign, empty segment, dot segment or
    /// trailing slash; at most 256 bytes. Distinct URLs give distinct DIDs, since '%' and a ':' without a port occur in no
    /// URL that passes.
    /// @param url the text to read
    /// @return did the DID, or nothing if `url` is not such a URL
    function fromUrl(string calldata url) internal pure returns (bytes memory did) {
        bytes calldata text = bytes(url);
        uint256 length = text.length;
        if (length > MAX_URL_BYTES || length <= SCHEME_BYTES || bytes8(text) != "https://") return "";

        // Room for three bytes per character, and for a whole word written at the end.
        did = new bytes(3 * length + 0x20);
        uint256 written = _write(did, 0, "did:web:", 8);
        uint256 start = SCHEME_BYTES; // of the segment at hand
        uint256 i = start;
        bool inHost = true;

        // Nothing below can overflow: every number is at most 3 * 256 + 32.
        unchecked {
            while (true) {
                uint256 end = _endOfRun(text, i, PLAIN);
                written = _copy(did, written, text, i, end);
                if (end == length) break;

                bytes1 c = text[end];
                i = end + 1;
                if (c == "+") {
                    written = _write(did, written, "%2B", 3);
                } else if (c == "~") {
                    written = _write(did, written, "%7E", 3);
                } else if (c == "/") {
                    if (_isEmptyOrDots(text, start, end)) return "";
                    written = _write(did, written, ":", 1);
                    (start, inHost) = (i, false);
                } else if (c == ":" && inHost) {
                    if (_isEmptyOrDots(text, start, end)) return "";
                    written = _write(did, written, "%3A", 3);
                    end = _endOfRun(text, i, DIGITS);
                    if (end < length && text[end] != "/") return "";
                    written = _copy(did, written, text, i, end);
                    (start, i, inHost) = (i, end, false);
                } else {
                    return "";
                }
            }
        }
        if (_isEmptyOrDots(text, start, length)) return "";

        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(did, written) // shorten to what was written
        }
    }

    /// @dev RFC 3986 section 5.2.4: "." and ".." are removed by readers, so they would name another place.
    function _isEmptyOrDots(bytes calldata text, uint256 start, uint256 end) private pure returns (bool) {
        if (end > start + 2) return false;
        return end == start || (text[start] == "." && text[end - 1] == ".");
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

    /// @dev Copies `text[start:end]` to `offset`.
    function _copy(
        bytes memory did,
        uint256 offset,
        bytes calldata text,
        uint256 start,
        uint256 end
    ) private pure returns (uint256) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            calldatacopy(add(add(did, 0x20), offset), add(text.offset, start), sub(end, start))
        }
        return offset + end - start;
    }

    /// @dev Writes the first `length` bytes of `what` at `offset`, as a whole word.
    function _write(bytes memory did, uint256 offset, bytes8 what, uint256 length) private pure returns (uint256) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(add(add(did, 0x20), offset), what)
        }
        return offset + length;
    }
}
