// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {RevocationAnchors} from "./RevocationAnchors.sol";

/// @title Pratique issuer registry
/// @notice See IIssuerRegistry, the manual. No proxy: what is deployed is what stays.
contract IssuerRegistry is RevocationAnchors {
    /// @notice An empty registry under its governor.
    /// @param adminDelay seconds between naming a new governor and its taking over
    /// @param governor account that opens and suspends jurisdictions
    constructor(uint48 adminDelay, address governor) AccessControlDefaultAdminRules(adminDelay, governor) {}

    /// @inheritdoc IIssuerRegistry
    function logHead() external view returns (bytes32 head, uint64 size) {
        return _headAndSize();
    }
}
