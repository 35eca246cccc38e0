// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {JwkThumbprint} from "./JwkThumbprint.sol";

/// @title P-256 keys
/// @notice Points, kids and ES256, without state: a contract of its own, so that the registry stays within EIP-170.
contract P256Keys {
    /// @notice The kid of a key over its coordinates as published.
    /// @dev Reverts with InvalidCoordinate or PointNotOnCurve.
    function kidOf(bytes calldata x, bytes calldata y) external pure returns (bytes32 kid) {
        if (!P256.isValidPublicKey(_padded(x), _padded(y))) revert IIssuerRegistry.PointNotOnCurve();
        return JwkThumbprint.ofP256(x, y);
    }

    /// @notice Every kid that a point can have: whoever publishes a coordinate without its leading zeros has another.
    /// @return kids the one over coordinates of 32 bytes first
    function kidsOf(bytes32 x, bytes32 y) external pure returns (bytes32[] memory kids) {
        uint256 xForms = _forms(x);
        uint256 yForms = _forms(y);
        kids = new bytes32[](xForms * yForms);
        for (uint256 i = 0; i < kids.length; ++i) {
            kids[i] = JwkThumbprint.ofP256(_without(x, i / yForms), _without(y, i % yForms));
        }
    }

    /// @notice Whether (r, s), s in the lower half, is a signature by (x, y) over the digest.
    /// @dev The precompile of EIP-7951 where the chain has it. A high s is refused, so that a proof has one form only.
    function isSignature(bytes32 digest, bytes32 r, bytes32 s, bytes32 x, bytes32 y) external view returns (bool) {
        return P256.verify(digest, r, s, x, y);
    }

    function _padded(bytes calldata coordinate) private pure returns (bytes32) {
        uint256 length = coordinate.length;
        if (length == 0 || length > 32) revert IIssuerRegistry.InvalidCoordinate();
        return bytes32(coordinate) >> (8 * (32 - length));
    }

    /// @dev 1 and the number of leading zero bytes; a coordinate of no bytes is none.
    function _forms(bytes32 coordinate) private pure returns (uint256 forms) {
        forms = 1;
        while (forms < 32 && coordinate[forms - 1] == 0) ++forms;
    }

    /// @dev A coordinate without its first bytes.
    function _without(bytes32 coordinate, uint256 count) private pure returns (bytes memory short) {
        short = bytes.concat(coordinate << (8 * count));
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(short, sub(32, count))
        }
    }
}
