// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "../../../contracts/IIssuerRegistry.sol";
import {RegistryLayout} from "../../../contracts/RegistryLayout.sol";
import {Dice} from "../Dice.sol";
import {UrlGrammar} from "../UrlGrammar.sol";
import {ICheatcodes, VM} from "../Cheatcodes.sol";
import {JurisdictionModel} from "./JurisdictionModel.sol";

/// @title Issuers
/// @notice Who may register them and move them through their life.
abstract contract IssuerModel is JurisdictionModel {
    string[8] internal someIsses = [
        "https://a.example",
        "https://b.example",
        "https://a.example/path",
        "https://c.example:8443",
        "https://d.example",
        "https://e.example",
        "https://f.example",
        "https://g.example"
    ];

    mapping(string iss => uint64 issuerId) internal issuerIds;
    mapping(uint64 issuerId => uint64 time) internal retiredAt;
    mapping(uint64 issuerId => bool) internal everWithdrawn;

    function registerIssuer(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (IIssuerRegistry.NewIssuer memory issuer, bool good) = _someIssuer(dice);
        address actor = _who(dice, jurisdictions[issuer.jurisdiction].accreditor);
        uint64 issuerId = issuerCount + 1;
        bool done = _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.registerIssuer, (issuer)),
            good && issuerIds[issuer.iss] == 0 && _accredits(actor, issuer.jurisdiction),
            _issuerSlots(issuer, issuerId),
            abi.encodePacked(IIssuerRegistry.IssuerRegistered.selector, uint256(issuerId), issuer.jurisdiction),
            _registered(actor, issuer)
        );
        if (done) issuerIds[issuer.iss] = issuerId;
    }

    function listIssuers(uint256 seed) external {
        Dice memory dice = _dice(seed);
        IIssuerRegistry.NewIssuer[] memory batch = new IIssuerRegistry.NewIssuer[](dice.roll(3));
        address actor = _anybody(dice);
        uint64 first = issuerCount + 1;
        bytes32[] memory slots = new bytes32[](3 * batch.length);
        bool allowed = true;
        for (uint256 i = 0; i < batch.length; ++i) {
            bool good;
            (batch[i], good) = _someIssuer(dice);
            if (i == 0) actor = _who(dice, jurisdictions[batch[0].jurisdiction].accreditor);
            allowed = allowed && good && issuerIds[batch[i].iss] == 0 && _accredits(actor, batch[i].jurisdiction);
            if (i == 1) allowed = allowed && keccak256(bytes(batch[0].iss)) != keccak256(bytes(batch[1].iss));
            bytes32[] memory own = _issuerSlots(batch[i], first + uint64(i));
            (slots[3 * i], slots[3 * i + 1], slots[3 * i + 2]) = (own[0], own[1], own[2]);
        }
        bytes memory call = abi.encodeCall(IIssuerRegistry.listIssuers, (batch));
        (bool done, ICheatcodes.Log[] memory logs) = _call(actor, call, allowed, slots);
        if (!done) return;
        VM.assertEq(logs.length, batch.length, "an event for each");
        for (uint256 i = 0; i < batch.length; ++i) {
            issuerIds[batch[i].iss] = first + uint64(i);
            VM.assertEq(logs[i].data, _registered(actor, batch[i]), "data");
        }
    }

    function updateIssuer(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (uint64 issuerId, IIssuerRegistry.Issuer memory issuer) = _issuer(dice);
        address actor = _who(dice, jurisdictions[issuer.jurisdiction].accreditor);
        (uint64 from, uint64 until, bool good) = _someWindow(dice);
        (string memory name, bool goodName) = _someName(dice);
        uint32 attestations = uint32(dice.roll(1 << 32));
        _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.updateIssuer, (issuerId, from, until, attestations, name)),
            good && goodName && _isAlive(issuer) && _accredits(actor, issuer.jurisdiction),
            _slots(RegistryLayout.issuer(issuerId), RegistryLayout.accreditation(issuerId)),
            abi.encodePacked(IIssuerRegistry.IssuerUpdated.selector, uint256(issuerId)),
            abi.encode(actor, _now(), from, until, attestations, name)
        );
    }

    function setStatusBase(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (uint64 issuerId, IIssuerRegistry.Issuer memory issuer) = _issuer(dice);
        address actor = _who(dice, _controller(issuer));
        (string memory url, bool good) = _someUrl(dice);
        _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.setStatusBase, (issuerId, url)),
            good && actor == _controller(issuer) && _isStanding(issuer),
            _slots(),
            abi.encodePacked(IIssuerRegistry.IssuerStatusBaseChanged.selector, uint256(issuerId)),
            abi.encode(actor, _now(), url)
        );
    }

    function setIssuerStatus(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (uint64 issuerId, IIssuerRegistry.Issuer memory issuer) = _issuer(dice);
        address actor = _who(dice, jurisdictions[issuer.jurisdiction].accreditor);
        IIssuerRegistry.IssuerStatus to = IIssuerRegistry.IssuerStatus(dice.roll(6));
        // Else no issuer would live for long.
        if (to > IIssuerRegistry.IssuerStatus.Active && !dice.once(3)) to = IIssuerRegistry.IssuerStatus.Active;
        bool done = _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.setIssuerStatus, (issuerId, to, 9)),
            _mayBecome(issuer, to) && actor == jurisdictions[issuer.jurisdiction].accreditor,
            to == IIssuerRegistry.IssuerStatus.Retired
                ? _slots(RegistryLayout.issuer(issuerId), RegistryLayout.accreditation(issuerId))
                : _slots(RegistryLayout.issuer(issuerId)),
            abi.encodePacked(IIssuerRegistry.IssuerStatusChanged.selector, uint256(issuerId)),
            abi.encode(actor, _now(), to, 9)
        );
        if (done && to == IIssuerRegistry.IssuerStatus.Retired) retiredAt[issuerId] = _now();
        if (done && to == IIssuerRegistry.IssuerStatus.Withdrawn) everWithdrawn[issuerId] = true;
    }

    function setIssuerHeld(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (uint64 issuerId, IIssuerRegistry.Issuer memory issuer) = _issuer(dice);
        bool held = dice.once(8) ? issuer.held : !issuer.held;
        address actor = _whoSuspends(dice, held);
        _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.setIssuerHeld, (issuerId, held, 3)),
            _exists(issuer) && held != issuer.held && _maySuspend(actor, held),
            _slots(RegistryLayout.issuer(issuerId)),
            abi.encodePacked(IIssuerRegistry.IssuerHoldChanged.selector, uint256(issuerId)),
            abi.encode(actor, _now(), held, 3)
        );
    }

    /// @dev An issuer: once in a while one that there is not, else mostly one that nobody stopped.
    function _issuer(Dice memory dice) internal view returns (uint64 issuerId, IIssuerRegistry.Issuer memory issuer) {
        if (dice.once(15) || issuerCount == 0) return (uint64(dice.roll(2) * (issuerCount + 1)), issuer);
        for (uint256 i = 0; i < 4; ++i) {
            issuerId = uint64(1 + dice.roll(issuerCount));
            issuer = issuers[issuerId];
            if (_isStanding(issuer) || dice.once(4)) break;
        }
    }

    function _exists(IIssuerRegistry.Issuer memory issuer) internal pure returns (bool) {
        return issuer.status != IIssuerRegistry.IssuerStatus.None;
    }

    function _isAlive(IIssuerRegistry.Issuer memory issuer) internal pure returns (bool) {
        return
            issuer.status == IIssuerRegistry.IssuerStatus.Pending ||
            issuer.status == IIssuerRegistry.IssuerStatus.Active ||
            issuer.status == IIssuerRegistry.IssuerStatus.Suspended;
    }

    /// @dev Nobody stopped it.
    function _isStanding(IIssuerRegistry.Issuer memory issuer) internal view returns (bool) {
        return
            _exists(issuer) &&
            issuer.status != IIssuerRegistry.IssuerStatus.Suspended &&
            issuer.status != IIssuerRegistry.IssuerStatus.Withdrawn &&
            !issuer.held &&
            !jurisdictions[issuer.jurisdiction].suspended;
    }

    /// @dev Who acts for an issuer: its controller, or the accreditor of one without.
    function _controller(IIssuerRegistry.Issuer memory issuer) internal view returns (address) {
        return issuer.controller == address(0) ? jurisdictions[issuer.jurisdiction].accreditor : issuer.controller;
    }

    function _someWindow(Dice memory dice) internal view returns (uint64 from, uint64 until, bool good) {
        uint64[5] memory froms = [0, 0, _now() - 30 days, _now(), _now() + 30 days];
        from = froms[dice.roll(5)];
        until = dice.once(2) ? 0 : _now() - 1 days + uint64(dice.roll(200 days));
        if (dice.once(20)) until = MAX_TIME + 1;
        good = until == 0 || (until > from && until <= MAX_TIME);
    }

    function _mayBecome(
        IIssuerRegistry.Issuer memory issuer,
        IIssuerRegistry.IssuerStatus to
    ) private view returns (bool) {
        bool lowers = to == IIssuerRegistry.IssuerStatus.Suspended || to == IIssuerRegistry.IssuerStatus.Withdrawn;
        if (!lowers && jurisdictions[issuer.jurisdiction].suspended) return false;
        if (to == IIssuerRegistry.IssuerStatus.Active)
            return
                issuer.status == IIssuerRegistry.IssuerStatus.Pending ||
                issuer.status == IIssuerRegistry.IssuerStatus.Suspended;
        if (to == IIssuerRegistry.IssuerStatus.Suspended) return issuer.status == IIssuerRegistry.IssuerStatus.Active;
        if (to == IIssuerRegistry.IssuerStatus.Retired)
            return
                issuer.status == IIssuerRegistry.IssuerStatus.Active ||
                issuer.status == IIssuerRegistry.IssuerStatus.Suspended;
        bool ends = to == IIssuerRegistry.IssuerStatus.Withdrawn;
        return ends && (_isAlive(issuer) || issuer.status == IIssuerRegistry.IssuerStatus.Retired);
    }

    function _someIssuer(Dice memory dice) private view returns (IIssuerRegistry.NewIssuer memory issuer, bool good) {
        bool goodName;
        bool goodBase;
        issuer.iss = dice.once(20) ? "https://a.example/" : someIsses[dice.roll(8)];
        (issuer.name, goodName) = _someName(dice);
        (issuer.statusBase, goodBase) = _someUrl(dice);
        issuer.jurisdiction = _someCode(dice);
        issuer.controller = dice.once(2) ? address(0) : _anybody(dice);
        (issuer.accreditedFrom, issuer.accreditedUntil, good) = _someWindow(dice);
        issuer.attestations = uint32(dice.roll(1 << 32));
        issuer.status = IIssuerRegistry.IssuerStatus(
            dice.once(10)
                ? dice.roll(6)
                : dice.once(4)
                    ? 1
                    : 2
        );
        good = good && goodName && goodBase && UrlGrammar.didOf(bytes(issuer.iss)).length != 0;
        good =
            good &&
            (issuer.status == IIssuerRegistry.IssuerStatus.Pending ||
                issuer.status == IIssuerRegistry.IssuerStatus.Active);
    }

    function _issuerSlots(
        IIssuerRegistry.NewIssuer memory issuer,
        uint64 issuerId
    ) private pure returns (bytes32[] memory) {
        return
            _slots(
                RegistryLayout.issuerId(keccak256(bytes(issuer.iss))),
                RegistryLayout.issuer(issuerId),
                RegistryLayout.accreditation(issuerId)
            );
    }

    function _registered(address actor, IIssuerRegistry.NewIssuer memory issuer) private view returns (bytes memory) {
        string memory did = string(UrlGrammar.didOf(bytes(issuer.iss)));
        return
            abi.encode(
                actor,
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
            );
    }
}
