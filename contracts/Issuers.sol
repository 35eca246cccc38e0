// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DidWeb} from "./DidWeb.sol";
import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {Publications} from "./Publications.sol";

/// @title Issuers
/// @notice Registered and moved through their life by the accreditor of their jurisdiction.
abstract contract Issuers is Publications {
    /// @dev What every write under an issuer asks, in one slot.
    struct IssuerRecord {
        address controller;
        IssuerStatus status;
        uint32 jurisdiction;
        uint32 attestations;
        bool held;
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
        return _registerIssuer(issuer);
    }

    /// @inheritdoc IIssuerRegistry
    function listIssuers(NewIssuer[] calldata issuers) external {
        for (uint256 i = 0; i < issuers.length; ++i) _registerIssuer(issuers[i]);
    }

    /// @inheritdoc IIssuerRegistry
    function updateIssuer(
        uint64 issuerId,
        uint64 accreditedFrom,
        uint64 accreditedUntil,
        uint32 attestations,
        string calldata name
    ) external {
        IssuerRecord storage record = _issuerRecord(issuerId);
        _requireAccreditor(record.jurisdiction);
        _requireNotSuspended(record.jurisdiction);
        // A later end of accreditation would bring a retired issuer back.
        if (record.status >= IssuerStatus.Retired) revert IssuerNotActive(issuerId, record.status);
        _requireWindow(accreditedFrom, accreditedUntil);
        _requireName(name);

        record.attestations = attestations;
        _accreditations[issuerId] = Accreditation(accreditedFrom, accreditedUntil);
        _append(
            IssuerUpdated.selector,
            bytes32(uint256(issuerId)),
            // solhint-disable-next-line func-named-parameters
            abi.encode(msg.sender, _now(), accreditedFrom, accreditedUntil, attestations, name)
        );
    }

    /// @inheritdoc IIssuerRegistry
    function setStatusBase(uint64 issuerId, string calldata statusBase) external {
        _requireStanding(issuerId, msg.sender);
        _requireUrl(statusBase);
        _append(
            IssuerStatusBaseChanged.selector,
            bytes32(uint256(issuerId)),
            abi.encode(msg.sender, _now(), statusBase)
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
        if (status == IssuerStatus.Retired) _endAccreditation(_accreditations[issuerId]);
        _append(
            IssuerStatusChanged.selector,
            bytes32(uint256(issuerId)),
            abi.encode(msg.sender, _now(), status, reason)
        );
    }

    /// @inheritdoc IIssuerRegistry
    function setIssuerHeld(uint64 issuerId, bool held, uint16 reason) external {
        _requireMaySuspend(held);
        IssuerRecord storage record = _issuerRecord(issuerId);
        if (record.held == held) revert HoldUnchanged(issuerId, held);

        record.held = held;
        _append(IssuerHoldChanged.selector, bytes32(uint256(issuerId)), abi.encode(msg.sender, _now(), held, reason));
    }

    function _issuerRecord(uint64 issuerId) internal view returns (IssuerRecord storage record) {
        record = _issuers[issuerId];
        if (record.status == IssuerStatus.None) revert UnknownIssuer(issuerId);
    }

    /// @dev Who controls an issuer that may anchor, and where it is accredited: all of it from one read of one word.
    ///
    /// A retired issuer's cards stay good, so it can still revoke. A suspended issuer cannot anchor: a new root can also
    /// take a revocation back, and none of its cards is accepted meanwhile.
    function _anchoringIssuer(uint64 issuerId) internal view returns (address controller, uint32 jurisdiction) {
        IssuerRecord storage record = _issuers[issuerId];
        IssuerStatus status = record.status;
        (controller, jurisdiction) = (record.controller, record.jurisdiction);
        if (status == IssuerStatus.None) revert UnknownIssuer(issuerId);
        if (status != IssuerStatus.Active && status != IssuerStatus.Retired) revert IssuerNotActive(issuerId, status);
        if (record.held) revert IssuerHeld(issuerId);
        _requireNotSuspended(jurisdiction);
    }

    /// @dev The controller; for an issuer that has none, the accreditor that listed it.
    function _requireControl(uint64 issuerId, IssuerRecord storage record, address actor) internal view {
        if (!_controls(record.controller, record.jurisdiction, actor)) revert NotController(issuerId, actor);
    }

    function _controls(address controller, uint32 jurisdiction, address actor) internal view returns (bool) {
        return actor == (controller == address(0) ? _accreditorOf(jurisdiction) : controller);
    }

    /// @dev Control of an issuer that nobody stopped.
    function _requireStanding(uint64 issuerId, address actor) internal view {
        IssuerRecord storage record = _issuerRecord(issuerId);
        _requireControl(issuerId, record, actor);
        IssuerStatus status = record.status;
        if (status == IssuerStatus.Suspended || status == IssuerStatus.Withdrawn) {
            revert IssuerNotActive(issuerId, status);
        }
        if (record.held) revert IssuerHeld(issuerId);
        _requireNotSuspended(record.jurisdiction);
    }

    /// @dev Keys are added before accreditation or under it.
    function _requirePendingOrActive(uint64 issuerId, IssuerRecord storage record) internal view {
        if (record.status != IssuerStatus.Pending && record.status != IssuerStatus.Active) {
            revert IssuerNotActive(issuerId, record.status);
        }
        if (record.held) revert IssuerHeld(issuerId);
    }

    /// @dev `until` 0 is no end.
    function _requireWindow(uint64 from, uint64 until) internal pure {
        if (from > MAX_TIME || until > MAX_TIME || (until != 0 && until <= from)) revert InvalidWindow(from, until);
    }

    function _registerIssuer(NewIssuer calldata issuer) private returns (uint64 issuerId) {
        uint32 jurisdiction = _requireAccrediting(issuer.jurisdiction);
        if (issuer.status != IssuerStatus.Pending && issuer.status != IssuerStatus.Active) {
            revert InvalidIssuerStatus(IssuerStatus.None, issuer.status);
        }
        _requireWindow(issuer.accreditedFrom, issuer.accreditedUntil);
        _requireName(issuer.name);
        bytes memory did = DidWeb.fromUrl(issuer.iss);
        if (did.length == 0) revert InvalidIss(issuer.iss);
        bytes32 issHash = keccak256(bytes(issuer.iss));
        // Most often it is the `iss` itself, which was read already.
        if (keccak256(bytes(issuer.statusBase)) != issHash) _requireUrl(issuer.statusBase);
        issuerId = _issuerIds[issHash];
        if (issuerId != 0) revert IssuerExists(issuerId);

        issuerId = _nextIssuerId();
        _issuerIds[issHash] = issuerId;
        _issuers[issuerId] = IssuerRecord({
            controller: issuer.controller,
            status: issuer.status,
            jurisdiction: jurisdiction,
            attestations: issuer.attestations,
            held: false
        });
        _accreditations[issuerId] = Accreditation(issuer.accreditedFrom, issuer.accreditedUntil);
        _append(
            IssuerRegistered.selector,
            bytes32(uint256(issuerId)),
            issuer.jurisdiction,
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

    /// @dev A retired issuer issues no more; an accreditation that ended before keeps its end.
    function _endAccreditation(Accreditation storage accreditation) private {
        if (accreditation.until == 0 || accreditation.until > _now()) accreditation.until = _now();
    }

    /// @dev The whole life of an issuer, by where it goes to.
    function _mayBecome(IssuerStatus from, IssuerStatus to) private pure returns (bool) {
        if (to == IssuerStatus.Active) return from == IssuerStatus.Pending || from == IssuerStatus.Suspended;
        if (to == IssuerStatus.Suspended) return from == IssuerStatus.Active;
        if (to == IssuerStatus.Retired) return from == IssuerStatus.Active || from == IssuerStatus.Suspended;
        if (to == IssuerStatus.Withdrawn) return from < IssuerStatus.Withdrawn;
        return false;
    }
}
