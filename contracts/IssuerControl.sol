// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {Issuers} from "./Issuers.sol";

/// @title Who acts for an issuer, and who accredits it
/// @notice Controller and jurisdiction change in two steps each; the operator at once.
abstract contract IssuerControl is Issuers {
    struct Offer {
        uint32 jurisdiction;
        bool byGovernor;
        uint64 notBefore;
    }

    mapping(uint64 issuerId => address) private _operators;
    mapping(uint64 issuerId => Proposal) private _controllerProposals;
    mapping(uint64 issuerId => Offer) private _transferOffers;

    /// @inheritdoc IIssuerRegistry
    function proposeController(uint64 issuerId, address next) external {
        IssuerRecord storage record = _issuerRecord(issuerId);
        if (!_isAccreditor(record.jurisdiction)) _requireStanding(issuerId, msg.sender);
        Proposal storage proposal = _controllerProposals[issuerId];
        _propose(proposal, record.controller, next);
        emit ControllerProposed(issuerId, next, msg.sender, proposal.notBefore, proposal.fromAbove);
    }

    /// @inheritdoc IIssuerRegistry
    function acceptController(uint64 issuerId) external {
        _requireProposed(_controllerProposals[issuerId]);
        delete _controllerProposals[issuerId];
        delete _operators[issuerId];
        IssuerRecord storage record = _issuerRecord(issuerId);
        _requireNotSuspended(record.jurisdiction);
        record.controller = msg.sender;
        _append(
            IssuerControllerChanged.selector,
            bytes32(uint256(issuerId)),
            abi.encode(msg.sender, _now(), msg.sender)
        );
    }

    /// @inheritdoc IIssuerRegistry
    function setOperator(uint64 issuerId, address operator) external {
        _requireStanding(issuerId, msg.sender);
        _operators[issuerId] = operator;
        _append(IssuerOperatorChanged.selector, bytes32(uint256(issuerId)), abi.encode(msg.sender, _now(), operator));
    }

    /// @inheritdoc IIssuerRegistry
    function offerIssuer(uint64 issuerId, bytes32 jurisdiction) external {
        IssuerRecord storage record = _issuerRecord(issuerId);
        bool byGovernor = !_isAccreditor(record.jurisdiction);
        if (!_isGovernor()) {
            _requireAccreditor(record.jurisdiction);
            // Else whoever keeps an `iss` that is not its own could withdraw what the governor offered.
            if (_transferOffers[issuerId].byGovernor) revert OfferedByGovernor(issuerId);
        }
        // Who takes an issuer can withdraw it, and list keys of one without controller: over its accreditor's head not at
        // once.
        uint64 notBefore = byGovernor ? _afterDelay() : _now();
        if (jurisdiction == 0) delete _transferOffers[issuerId];
        else _transferOffers[issuerId] = Offer(_numberOf(jurisdiction), byGovernor, notBefore);
        emit IssuerOffered(issuerId, jurisdiction, msg.sender, notBefore);
    }

    /// @inheritdoc IIssuerRegistry
    function acceptIssuer(uint64 issuerId) external {
        IssuerRecord storage record = _issuerRecord(issuerId);
        Offer memory offer = _transferOffers[issuerId];
        if (offer.jurisdiction == 0 || !_isAccreditor(offer.jurisdiction)) revert NotOffered(issuerId, msg.sender);
        if (offer.notBefore > _now()) revert NotProposed(msg.sender, offer.notBefore);
        _requireNotSuspended(offer.jurisdiction);
        // Else an accreditor could take its issuers out of its suspended jurisdiction.
        if (!offer.byGovernor) _requireNotSuspended(record.jurisdiction);

        delete _transferOffers[issuerId];
        delete _controllerProposals[issuerId];
        // Of an issuer without controller the accreditor before named it.
        if (record.controller == address(0)) delete _operators[issuerId];
        record.jurisdiction = offer.jurisdiction;
        _append(
            IssuerTransferred.selector,
            bytes32(uint256(issuerId)),
            _codeOf(offer.jurisdiction),
            abi.encode(msg.sender, _now())
        );
    }

    /// @dev Controller, operator, or the accreditor of a listed issuer.
    function _requireMayAnchor(
        uint64 issuerId,
        address controller,
        uint32 jurisdiction,
        address actor,
        bool isFinal
    ) internal view {
        // A final anchor cannot be mended: not from the account that is at work every day.
        if (!_controls(controller, jurisdiction, actor) && (isFinal || actor != _operators[issuerId])) {
            revert NotController(issuerId, actor);
        }
    }
}
