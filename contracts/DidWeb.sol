// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The did:web of an https URL
/// @notice Strict where URL parsers are lenient: two spellings of one place would be two issuers.
library DidWeb {
    uint256 private constant MAX_URL_BYTES = 256;
    uint256 private constant SCHEME_BYTES = 8; // "https://", and "did:web:" just as well

    /// @dev Bit c is set if the character c may stand in a host or path segment and in a DID as it is: A-Z a-z 0-9 _ -
    uint256 private constant PLAIN =
        (((1 << 26) - 1) << 0x41) | (((1 << 26) - 1) << 0x61) | (((1 << 10) - 1) << 0x30) | (1 << 0x5f) | (1 << 0x2d);

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
        uint256 dots = 0; // in it
        bool inHost = true;

        // Nothing below can overflow: every number is at most 3 * 256 + 32.
        unchecked {
            for (uint256 i = SCHEME_BYTES; i < length; ++i) {
                uint256 c = _at(text, i);
                if ((PLAIN >> c) & 1 == 1) {
                    written = _write(did, written, bytes1(uint8(c)), 1);
                } else if (c == 0x2e) {
                    written = _write(did, written, ".", 1);
                    ++dots;
                } else if (c == 0x2f) {
                    if (_isEmptyOrDots(i - start, dots)) return "";
                    written = _write(did, written, ":", 1);
                    (start, dots, inHost) = (i + 1, 0, false);
                } else if (c == 0x2b) {
                    written = _write(did, written, "%2B", 3);
                } else if (c == 0x7e) {
                    written = _write(did, written, "%7E", 3);
                } else if (c == 0x3a && inHost) {
                    if (_isEmptyOrDots(i - start, dots)) return "";
                    written = _write(did, written, "%3A", 3);
                    (start, dots, inHost) = (i + 1, 0, false);
                    // The port: digits to the next slash or the end. The loop's own step takes the last of them.
                    while (i + 1 < length && _isDigit(_at(text, i + 1))) {
                        written = _write(did, written, bytes1(uint8(_at(text, ++i))), 1);
                    }
                    if (i + 1 < length && _at(text, i + 1) != 0x2f) return "";
                } else {
                    return "";
                }
            }
            if (_isEmptyOrDots(length - start, dots)) return "";
        }

        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(did, written) // shorten to what was written
        }
    }

    /// @dev RFC 3986 section 5.2.4: "." and ".." are removed by readers, so they would name another place.
    function _isEmptyOrDots(uint256 length, uint256 dots) private pure returns (bool) {
        return length == 0 || (length == dots && length < 3);
    }

    function _isDigit(uint256 c) private pure returns (bool) {
        return c >= 0x30 && c <= 0x39;
    }

    /// @dev The character at `i`, which is below the length: half of the cost of an issuer would be bounds checks.
    function _at(bytes calldata text, uint256 i) private pure returns (uint256 c) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            c := byte(0, calldataload(add(text.offset, i)))
        }
    }

    /// @dev Writes the first `length` bytes of `what` at `offset`, as a whole word.
    function _write(bytes memory did, uint256 offset, bytes8 what, uint256 length) private pure returns (uint256) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(add(add(did, 0x20), offset), what)
        }
        unchecked {
            return offset + length;
        }
    }
}
