// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Governance} from "./Governance.sol";
import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {Names} from "./Names.sol";

/// @title Jurisdictions
/// @notice Opened and suspended by the governor, each with one accreditor, who hands over in two steps.
abstract contract Jurisdictions is Governance {
    struct JurisdictionRecord {
        address accreditor;
        bool suspended;
        bytes32 code;
    }

    // Records are kept under a short number, so that an issuer's record names its jurisdiction in four bytes.
    uint32 private _jurisdictionCount;
    mapping(bytes32 code => uint32 number) private _numbers;
    mapping(uint32 number => JurisdictionRecord) private _jurisdictions;
    mapping(uint32 number => Proposal) private _accreditorProposals;

    /// @inheritdoc IIssuerRegistry
    function openJurisdiction(bytes32 jurisdiction, string calldata name, address accreditor) external onlyGovernor {
        _requireCode(jurisdiction);
        if (_numbers[jurisdiction] != 0) revert JurisdictionExists(jurisdiction);
        if (accreditor == address(0)) revert ZeroAddress();
        _requireName(name);

        uint32 number = ++_jurisdictionCount;
        _numbers[jurisdiction] = number;
        _jurisdictions[number] = JurisdictionRecord(accreditor, false, jurisdiction);
        _append(JurisdictionOpened.selector, jurisdiction, abi.encode(msg.sender, _now(), accreditor, name));
    }

    /// @inheritdoc IIssuerRegistry
    function setJurisdictionSuspended(bytes32 jurisdiction, bool suspended, uint16 reason) external {
        _requireMaySuspend(suspended);
        JurisdictionRecord storage record = _jurisdictions[_numberOf(jurisdiction)];
        if (record.suspended == suspended) revert SuspensionUnchanged(jurisdiction, suspended);

        record.suspended = suspended;
        _append(
            JurisdictionSuspensionChanged.selector,
            jurisdiction,
            abi.encode(msg.sender, _now(), suspended, reason)
        );
    }

    /// @inheritdoc IIssuerRegistry
    function proposeAccreditor(bytes32 jurisdiction, address next) external {
        uint32 number = _isGovernor() ? _numberOf(jurisdiction) : _requireAccrediting(jurisdiction);
        Proposal storage proposal = _accreditorProposals[number];
        _propose(proposal, _jurisdictions[number].accreditor, next);
        emit AccreditorProposed(jurisdiction, next, msg.sender, proposal.notBefore, proposal.fromAbove);
    }

    /// @inheritdoc IIssuerRegistry
    function acceptAccreditor(bytes32 jurisdiction) external {
        uint32 number = _numberOf(jurisdiction);
        Proposal storage proposal = _accreditorProposals[number];
        _requireProposed(proposal);
        if (!proposal.fromAbove) _requireNotSuspended(number);
        delete _accreditorProposals[number];
        _jurisdictions[number].accreditor = msg.sender;
        _append(AccreditorChanged.selector, jurisdiction, abi.encode(msg.sender, _now(), msg.sender));
    }

    function _numberOf(bytes32 code) internal view returns (uint32 number) {
        number = _numbers[code];
        if (number == 0) revert UnknownJurisdiction(code);
    }

    function _codeOf(uint32 number) internal view returns (bytes32) {
        return _jurisdictions[number].code;
    }

    function _requireAccreditor(uint32 number) internal view {
        if (!_isAccreditor(number)) revert NotAccreditor(_codeOf(number), msg.sender);
    }

    function _isAccreditor(uint32 number) internal view returns (bool) {
        return _accreditorOf(number) == msg.sender;
    }

    function _accreditorOf(uint32 number) internal view returns (address) {
        return _jurisdictions[number].accreditor;
    }

    /// @dev Asked by every write that can raise trust. Writes that only lower it stay possible in a suspended
    /// jurisdiction.
    function _requireNotSuspended(uint32 number) internal view {
        if (_jurisdictions[number].suspended) revert JurisdictionSuspended(_codeOf(number));
    }

    /// @dev The accreditor of a jurisdiction in which trust can be raised.
    function _requireAccrediting(bytes32 jurisdiction) internal view returns (uint32 number) {
        number = _numberOf(jurisdiction);
        _requireAccreditor(number);
        _requireNotSuspended(number);
    }

    function _requireName(string calldata name) internal pure {
        if (!Names.isLength(name)) revert InvalidNameLength(bytes(name).length);
        if (!Names.isName(name)) revert InvalidName();
    }

    function _requireCode(bytes32 code) internal pure {
        if (!Names.isCode(code)) revert InvalidJurisdictionCode(code);
    }
}
