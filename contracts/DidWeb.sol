// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The did:web of an https URL
/// @notice Strict where URL parsers are lenient: two spellings of one place would be two issuers.
library DidWeb {
    uint256 private constant MAX_URL_BYTES = 256;
    uint256 private constant SCHEME_BYTES = 8; // "https://", and "did:web:" just as well

    /// @dev Bit c is set if the character c may stand in a host or path segment: A-Z a-z 0-9 . _ - + ~
    uint256 private constant SEGMENT_CHARACTERS =
        (((1 << 26) - 1) << 0x41) | // A-Z
            (((1 << 26) - 1) << 0x61) | // a-z
            (((1 << 10) - 1) << 0x30) | // 0-9
            (1 << 0x2e) | // .
            (1 << 0x5f) | // _
            (1 << 0x2d) | // -
            (1 << 0x2b) | // +
            (1 << 0x7e); // ~

    /// @notice `https://host[:port][/segment…]` as a did:web: '/' becomes ':', what did:web cannot carry is
    /// percent-encoded.
    /// @dev No query, fragment, user, percent sign, empty segment, dot segment or trailing slash; at most 256 bytes.
    /// Distinct URLs give distinct DIDs, since '%' and a bare ':' occur in no URL that passes.
    /// @param url the text to read
    /// @return did the DID, or nothing if `url` is not such a URL
    function fromUrl(string calldata url) internal pure returns (bytes memory did) {
        bytes calldata text = bytes(url);
        uint256 length = text.length;
        if (length > MAX_URL_BYTES || length <= SCHEME_BYTES || bytes8(text) != "https://") return "";

        did = new bytes(3 * length + 0x20);
        uint256 written = _write(did, 0, "did:web:", SCHEME_BYTES);
        uint256 start = SCHEME_BYTES; // of the segment at hand
        uint256 dots = 0; // in it
        bool inHost = true;
        bool inPort = false;

        for (uint256 i = SCHEME_BYTES; i < length; ++i) {
            uint8 c = uint8(text[i]);
            if ((SEGMENT_CHARACTERS >> c) & 1 == 1) {
                if (inPort && (c < 0x30 || c > 0x39)) return "";
                if (c == 0x2b) written = _write(did, written, "%2B", 3);
                else if (c == 0x7e) written = _write(did, written, "%7E", 3);
                else written = _write(did, written, bytes1(c), 1);
                if (c == 0x2e) ++dots;
                continue;
            }

            // The end of a segment, of the host or of the port.
            if (_isEmptyOrDots(i - start, dots)) return "";
            if (c == 0x2f) {
                written = _write(did, written, ":", 1);
                inHost = false;
                inPort = false;
            } else if (c == 0x3a && inHost && !inPort) {
                written = _write(did, written, "%3A", 3);
                inPort = true;
            } else {
                return "";
            }
            start = i + 1;
            dots = 0;
        }
        if (_isEmptyOrDots(length - start, dots)) return "";

        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(did, written) // shorten to what was written
        }
    }

    /// @dev RFC 3986 section 5.2.4: "." and ".." are removed by readers, so they would name another place.
    function _isEmptyOrDots(uint256 length, uint256 dots) private pure returns (bool) {
        return length == 0 || (length == dots && length < 3);
    }

    /// @dev Writes the first `length` bytes of `what` at `offset`, as a whole word: the buffer has room for three bytes
    /// per character and for one word behind the last.
    function _write(bytes memory did, uint256 offset, bytes8 what, uint256 length) private pure returns (uint256) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(add(add(did, 0x20), offset), what)
        }
        return offset + length;
    }
}
