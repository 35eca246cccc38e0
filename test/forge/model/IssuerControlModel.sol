// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "../../../contracts/IIssuerRegistry.sol";
import {RegistryLayout} from "../../../contracts/RegistryLayout.sol";
import {Dice} from "../Dice.sol";
import {IssuerModel} from "./IssuerModel.sol";

/// @title Controllers, operators and transfers
/// @notice Who may name whom, and who may take over when.
abstract contract IssuerControlModel is IssuerModel {
    struct Offer {
        bytes32 jurisdiction;
        bool byGovernor;
        uint64 notBefore;
    }

    mapping(uint64 issuerId => IIssuerRegistry.Proposal) internal controllerProposals;
    mapping(uint64 issuerId => Offer) internal transferOffers;
    uint64 private _lastProposed;
    uint64 private _lastOffered;

    function proposeController(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (uint64 issuerId, IIssuerRegistry.Issuer memory issuer) = _issuer(dice);
        address accreditor = jurisdictions[issuer.jurisdiction].accreditor;
        address actor = _who(dice, dice.once(2) ? accreditor : issuer.controller);
        address next = dice.once(6) ? address(0) : _anybody(dice);
        (IIssuerRegistry.Proposal memory proposal, bool allowed) = _proposed(
            controllerProposals[issuerId],
            actor,
            issuer.controller,
            next
        );
        bool mayPropose = actor == accreditor || (actor == issuer.controller && _isStanding(issuer));
        bool done = _perform(
            actor,
            abi.encodeCall(IIssuerRegistry.proposeController, (issuerId, next)),
            _exists(issuer) && mayPropose && allowed,
            _slots(RegistryLayout.controllerProposal(issuerId))
        );
        if (!done) return;
        (controllerProposals[issuerId], _lastProposed) = (proposal, issuerId);
        _noteNamed(keccak256(abi.encode("controller", issuerId)));
    }

    function acceptController(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (uint64 issuerId, ) = _issuer(dice);
        if (dice.once(2)) issuerId = _lastProposed;
        IIssuerRegistry.Proposal memory proposal = controllerProposals[issuerId];
        address actor = _who(dice, proposal.account);
        bool done = _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.acceptController, (issuerId)),
            actor == proposal.account &&
                proposal.notBefore <= _now() &&
                !jurisdictions[issuers[issuerId].jurisdiction].suspended,
            _slots(
                RegistryLayout.issuer(issuerId),
                RegistryLayout.operator(issuerId),
                RegistryLayout.controllerProposal(issuerId)
            ),
            abi.encodePacked(IIssuerRegistry.IssuerControllerChanged.selector, uint256(issuerId)),
            abi.encode(actor, _now(), actor)
        );
        if (!done) return;
        delete controllerProposals[issuerId];
        if (proposal.fromAbove) _noteTaken(keccak256(abi.encode("controller", issuerId)));
    }

    function setOperator(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (uint64 issuerId, IIssuerRegistry.Issuer memory issuer) = _issuer(dice);
        address actor = _who(dice, _controller(issuer));
        address operator = dice.once(5) ? address(0) : _anybody(dice);
        _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.setOperator, (issuerId, operator)),
            actor == _controller(issuer) && _isStanding(issuer),
            _slots(RegistryLayout.operator(issuerId)),
            abi.encodePacked(IIssuerRegistry.IssuerOperatorChanged.selector, uint256(issuerId)),
            abi.encode(actor, _now(), operator)
        );
    }

    function offerIssuer(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (uint64 issuerId, IIssuerRegistry.Issuer memory issuer) = _issuer(dice);
        address accreditor = jurisdictions[issuer.jurisdiction].accreditor;
        address actor = _who(dice, dice.once(3) ? governor : accreditor);
        bytes32 code = dice.once(6) ? bytes32(0) : _someCode(dice);
        bool mayOffer = actor == governor || (actor == accreditor && !transferOffers[issuerId].byGovernor);
        bool done = _perform(
            actor,
            abi.encodeCall(IIssuerRegistry.offerIssuer, (issuerId, code)),
            _exists(issuer) && mayOffer && (code == 0 || numbers[code] != 0),
            _slots(RegistryLayout.transferOffer(issuerId))
        );
        if (!done) return;
        bool fromAbove = actor != accreditor;
        if (code == 0) delete transferOffers[issuerId];
        else transferOffers[issuerId] = Offer(code, fromAbove, fromAbove ? _afterDelay() : _now());
        _lastOffered = issuerId;
        _noteNamed(keccak256(abi.encode("transfer", issuerId)));
    }

    function acceptIssuer(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (uint64 issuerId, IIssuerRegistry.Issuer memory issuer) = _issuer(dice);
        if (dice.once(2)) (issuerId, issuer) = (_lastOffered, issuers[_lastOffered]);
        Offer memory offer = transferOffers[issuerId];
        address actor = _who(dice, jurisdictions[offer.jurisdiction].accreditor);
        bool mayLeave = offer.byGovernor ? offer.notBefore <= _now() : !jurisdictions[issuer.jurisdiction].suspended;
        bool done = _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.acceptIssuer, (issuerId)),
            _exists(issuer) && offer.jurisdiction != 0 && mayLeave && _accredits(actor, offer.jurisdiction),
            _slots(
                RegistryLayout.issuer(issuerId),
                RegistryLayout.transferOffer(issuerId),
                RegistryLayout.controllerProposal(issuerId),
                // An accreditor's operator goes, a controller's stays.
                issuer.controller == address(0) ? RegistryLayout.operator(issuerId) : RegistryLayout.issuer(issuerId)
            ),
            abi.encodePacked(IIssuerRegistry.IssuerTransferred.selector, uint256(issuerId), offer.jurisdiction),
            abi.encode(actor, _now())
        );
        if (!done) return;
        delete transferOffers[issuerId];
        delete controllerProposals[issuerId];
        if (offer.byGovernor) _noteTaken(keccak256(abi.encode("transfer", issuerId)));
    }
}
