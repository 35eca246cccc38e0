// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {DidWeb} from "./DidWeb.sol";
import {Jurisdictions} from "./Jurisdictions.sol";

/// @title Issuers
/// @notice Registered and moved through their life by the accreditor of their jurisdiction.
abstract contract Issuers is Jurisdictions {
    /// @dev Times above are milliseconds by mistake.
    uint64 private constant MAX_TIME = 1e11;

    /// @dev What every write under an issuer asks, in one slot.
    struct IssuerRecord {
        address controller;
        IssuerStatus status;
        uint32 jurisdiction;
        uint32 attestations;
    }

    struct Accreditation {
        uint64 from;
        uint64 until;
    }

    // As written: a card names its issuer by the exact `iss`, and two spellings of a host are two issuers.
    mapping(bytes32 issHash => uint64 issuerId) private _issuerIds;
    mapping(uint64 issuerId => IssuerRecord) private _issuers;
    mapping(uint64 issuerId => Accreditation) private _accreditations;

    /// @inheritdoc IIssuerRegistry
    function registerIssuer(NewIssuer calldata issuer) external returns (uint64 issuerId) {
        uint32 jurisdiction = _numberOf(issuer.jurisdiction);
        _requireAccreditor(jurisdiction);
        _requireNotSuspended(jurisdiction);

        if (issuer.status != IssuerStatus.Pending && issuer.status != IssuerStatus.Active) {
            revert InvalidIssuerStatus(IssuerStatus.None, issuer.status);
        }
        _requireWindow(issuer.accreditedFrom, issuer.accreditedUntil);
        _requireName(issuer.name);
        bytes memory did = DidWeb.fromUrl(issuer.iss);
        if (did.length == 0) revert InvalidIss(issuer.iss);
        bytes32 issHash = keccak256(bytes(issuer.iss));
        _requireStatusBase(issuer.statusBase, issHash);
        issuerId = _issuerIds[issHash];
        if (issuerId != 0) revert IssuerExists(issuerId);

        issuerId = _nextIssuerId();
        _issuerIds[issHash] = issuerId;
        _issuers[issuerId] = IssuerRecord({
            controller: issuer.controller,
            status: issuer.status,
            jurisdiction: jurisdiction,
            attestations: issuer.attestations
        });
        _accreditations[issuerId] = Accreditation(issuer.accreditedFrom, issuer.accreditedUntil);
        _append(
            IssuerRegistered.selector,
            abi.encode(issuerId, issuer.jurisdiction),
            // solhint-disable-next-line func-named-parameters
            abi.encode(
                msg.sender,
                _now(),
                issuer.controller,
                issuer.status,
                issuer.accreditedFrom,
                issuer.accreditedUntil,
                issuer.attestations,
                did,
                issuer.iss,
                issuer.name,
                issuer.statusBase
            )
        );
    }

    /// @inheritdoc IIssuerRegistry
    function setIssuerStatus(uint64 issuerId, IssuerStatus status, uint16 reason) external {
        IssuerRecord storage record = _issuerRecord(issuerId);
        _requireAccreditor(record.jurisdiction);
        // Retirement brings the older cards of a suspended issuer back, so only these two never raise trust.
        if (status != IssuerStatus.Suspended && status != IssuerStatus.Withdrawn) {
            _requireNotSuspended(record.jurisdiction);
        }
        if (!_mayBecome(record.status, status)) revert InvalidIssuerStatus(record.status, status);

        record.status = status;
        _append(IssuerStatusChanged.selector, abi.encode(issuerId), abi.encode(msg.sender, _now(), status, reason));
    }

    /// @inheritdoc IIssuerRegistry
    function issuerIdOf(string calldata iss) external view returns (uint64) {
        return _issuerIds[keccak256(bytes(iss))];
    }

    /// @inheritdoc IIssuerRegistry
    function issuerOf(uint64 issuerId) external view returns (Issuer memory) {
        IssuerRecord storage record = _issuers[issuerId];
        Accreditation storage accreditation = _accreditations[issuerId];
        return
            Issuer({
                jurisdiction: _codeOf(record.jurisdiction),
                controller: record.controller,
                status: record.status,
                accreditedFrom: accreditation.from,
                accreditedUntil: accreditation.until,
                attestations: record.attestations
            });
    }

    function _issuerRecord(uint64 issuerId) internal view returns (IssuerRecord storage record) {
        record = _issuers[issuerId];
        if (record.status == IssuerStatus.None) revert UnknownIssuer(issuerId);
    }

    /// @dev The controller; for an issuer that has none, the accreditor that listed it.
    function _requireControl(uint64 issuerId, IssuerRecord storage record) internal view {
        if (record.controller == address(0)) _requireAccreditor(record.jurisdiction);
        else if (record.controller != msg.sender) revert NotController(issuerId, msg.sender);
    }

    /// @dev Keys are added before accreditation or under it.
    function _requirePendingOrActive(uint64 issuerId, IssuerRecord storage record) internal view {
        if (record.status != IssuerStatus.Pending && record.status != IssuerStatus.Active) {
            revert IssuerNotActive(issuerId, record.status);
        }
    }

    /// @dev `until` 0 is no end.
    function _requireWindow(uint64 from, uint64 until) internal pure {
        if (from > MAX_TIME || until > MAX_TIME || (until != 0 && until <= from)) revert InvalidWindow(from, until);
    }

    /// @dev Most often it is the `iss` itself, which was read already.
    function _requireStatusBase(string calldata statusBase, bytes32 issHash) private pure {
        if (bytes(statusBase).length == 0 || keccak256(bytes(statusBase)) == issHash) return;
        if (DidWeb.fromUrl(statusBase).length == 0) revert InvalidStatusBase(statusBase);
    }

    /// @dev The whole life of an issuer, by where it goes to.
    function _mayBecome(IssuerStatus from, IssuerStatus to) private pure returns (bool) {
        if (to == IssuerStatus.Active) return from == IssuerStatus.Pending || from == IssuerStatus.Suspended;
        if (to == IssuerStatus.Suspended) return from == IssuerStatus.Active;
        if (to == IssuerStatus.Retired) return from < IssuerStatus.Retired;
        if (to == IssuerStatus.Withdrawn) return from < IssuerStatus.Withdrawn;
        return false;
    }
}
