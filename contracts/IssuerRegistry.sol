// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Governance} from "./Governance.sol";
import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {RegistryLens} from "./RegistryLens.sol";
import {SignedInstructions} from "./SignedInstructions.sol";

/// @title Pratique issuer registry
/// @notice See IIssuerRegistry, the manual. No proxy: what is deployed is what stays.
contract IssuerRegistry is SignedInstructions {
    /// @dev Made here, so that one transaction deploys all and the lens cannot be another's.
    RegistryLens private immutable _LENS = new RegistryLens(this);

    /// @notice An empty registry under its governor.
    /// @param delay seconds before a new governor, a guardian or a replacement from above can take over
    /// @param governor account that opens and suspends jurisdictions
    constructor(uint48 delay, address governor) Governance(delay, governor) {}

    /// @inheritdoc IIssuerRegistry
    function logHead() external view returns (bytes32 head, uint64 size) {
        return _headAndSize();
    }

    /// @inheritdoc IIssuerRegistry
    function extsload(bytes32[] calldata slots) external view returns (bytes32[] memory words) {
        words = new bytes32[](slots.length);
        for (uint256 i = 0; i < slots.length; ++i) {
            bytes32 slot = slots[i];
            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                mstore(add(add(words, 0x20), mul(i, 0x20)), sload(slot))
            }
        }
    }

    /// @inheritdoc IIssuerRegistry
    function lens() external view returns (address) {
        return address(_LENS);
    }
}
