// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";

/// @title The thumbprint of a P-256 JWK
/// @notice RFC 7638 with SHA-256, the `kid` of every key here.
library JwkThumbprint {
    /// @notice The key id of a key.
    /// @dev RFC 7638 section 3.2: the required members in lexicographic order, no whitespace.
    /// @param x coordinate as published; two of the 961 keys of the VCI directory have their leading zero dropped
    /// @param y coordinate as published
    /// @return kid the thumbprint
    function ofP256(bytes memory x, bytes memory y) internal pure returns (bytes32 kid) {
        // solhint-disable quotes
        return
            sha256(
                bytes.concat(
                    '{"crv":"P-256","kty":"EC","x":"',
                    bytes(Base64.encodeURL(x)),
                    '","y":"',
                    bytes(Base64.encodeURL(y)),
                    '"}'
                )
            );
        // solhint-enable quotes
    }
}
