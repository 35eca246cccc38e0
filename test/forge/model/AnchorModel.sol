// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "../../../contracts/IIssuerRegistry.sol";
import {RegistryLayout} from "../../../contracts/RegistryLayout.sol";
import {Dice} from "../Dice.sol";
import {TypedData} from "../TypedData.sol";
import {KeyModel} from "./KeyModel.sol";

/// @title Revocation anchors
/// @notice Who may anchor, and which anchor follows which.
abstract contract AnchorModel is KeyModel {
    using RegistryLayout for bytes32;

    bytes32[3] internal someLists;
    mapping(uint64 issuerId => mapping(bytes32 list => IIssuerRegistry.Anchor)) internal anchors;
    mapping(uint64 issuerId => mapping(bytes32 list => uint64)) internal highestCounter;
    IIssuerRegistry.AnchorRef private _last;

    constructor() {
        someLists = [signingKeys[0].kids[0], signingKeys[3].kids[0], keccak256("audit")];
    }

    function anchor(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (IIssuerRegistry.NewAnchor memory terms, bool good) = _someAnchor(dice);
        address actor = _whoAnchors(dice, issuers[terms.issuerId]);
        bytes memory call = abi.encodeCall(IIssuerRegistry.anchor, (terms));
        _anchor(actor, actor, call, terms, good, _anchorSlots(terms));
    }

    function anchorBySignature(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (IIssuerRegistry.NewAnchor memory terms, bool good) = _someAnchor(dice);
        address signer = _whoAnchors(dice, issuers[terms.issuerId]);
        IIssuerRegistry.Instruction memory instruction = _someInstruction(dice, signer);
        bool signed = _sign(dice, instruction, TypedData.anchor(terms, instruction));
        bytes memory call = abi.encodeCall(IIssuerRegistry.anchorBySignature, (terms, instruction));
        bytes32[] memory two = _anchorSlots(terms);
        bytes32[] memory slots = _slots(two[0], two[1], _nonceSlot(signer));
        if (_anchor(_anybody(dice), signer, call, terms, good && signed, slots)) ++nonces[signer];
    }

    function renewAnchor(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (uint64 issuerId, IIssuerRegistry.Issuer memory issuer) = _issuer(dice);
        bytes32 list = someLists[dice.roll(3)];
        if (dice.once(2)) (issuerId, issuer, list) = (_last.issuerId, issuers[_last.issuerId], _last.list);
        address accreditor = jurisdictions[issuer.jurisdiction].accreditor;
        address actor = _who(dice, accreditor);
        IIssuerRegistry.Anchor storage last = anchors[issuerId][list];
        bool done = _perform(
            actor,
            abi.encodeCall(IIssuerRegistry.renewAnchor, (issuerId, list)),
            last.counter != 0 && !last.isFinal && _mayAnchor(issuer) && actor == accreditor,
            _slots(RegistryLayout.anchor(issuerId, list).next())
        );
        if (done) last.time = uint56(_now());
    }

    function _anchor(
        address sender,
        address actor,
        bytes memory call,
        IIssuerRegistry.NewAnchor memory terms,
        bool good,
        bytes32[] memory slots
    ) private returns (bool done) {
        IIssuerRegistry.Issuer memory issuer = issuers[terms.issuerId];
        IIssuerRegistry.Anchor storage last = anchors[terms.issuerId][terms.list];
        good = good && !last.isFinal && terms.counter > last.counter && _mayAnchor(issuer);
        bool may = actor == _controller(issuer) || (actor == issuer.operator && !terms.isFinal);
        done = _perform(sender, call, good && may, slots);
        if (!done) return false;
        _last = IIssuerRegistry.AnchorRef(terms.issuerId, terms.list);
        if (terms.counter > highestCounter[terms.issuerId][terms.list]) {
            highestCounter[terms.issuerId][terms.list] = terms.counter;
        }
        anchors[terms.issuerId][terms.list] = IIssuerRegistry.Anchor({
            root: terms.root,
            counter: terms.counter,
            length: terms.length,
            revoked: terms.revoked,
            time: uint56(_now()),
            isFinal: terms.isFinal
        });
    }

    function _anchorSlots(IIssuerRegistry.NewAnchor memory terms) private pure returns (bytes32[] memory) {
        bytes32 slot = RegistryLayout.anchor(terms.issuerId, terms.list);
        return _slots(slot, slot.next());
    }

    function _mayAnchor(IIssuerRegistry.Issuer memory issuer) private view returns (bool) {
        bool issued =
            issuer.status == IIssuerRegistry.IssuerStatus.Active ||
                issuer.status == IIssuerRegistry.IssuerStatus.Retired;
        return issued && !issuer.held && !jurisdictions[issuer.jurisdiction].suspended;
    }

    function _whoAnchors(Dice memory dice, IIssuerRegistry.Issuer memory issuer) private view returns (address) {
        return _who(dice, dice.once(3) ? issuer.operator : _controller(issuer));
    }

    function _someAnchor(Dice memory dice) private view returns (IIssuerRegistry.NewAnchor memory terms, bool good) {
        (terms.issuerId, ) = _issuer(dice);
        terms.list = someLists[dice.roll(3)];
        uint64 counter = anchors[terms.issuerId][terms.list].counter;
        terms.counter = dice.once(8) ? uint64(dice.roll(counter + 1)) : counter + 1 + uint64(dice.roll(3));
        terms.root = bytes32(dice.state);
        terms.length = uint64(dice.roll(1000));
        terms.revoked = uint64(dice.roll(terms.length + 1));
        terms.isFinal = dice.once(40);
        uint256 fault = dice.roll(24);
        if (fault == 0) terms.root = 0;
        if (fault == 1) terms.revoked = terms.length + 1;
        if (fault == 2) terms.length = MAX_EXACT + 1;
        if (fault == 3) terms.counter = MAX_EXACT + 1;
        good = fault > 3;
    }
}
