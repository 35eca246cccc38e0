// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "../../../contracts/IIssuerRegistry.sol";
import {RegistryLayout} from "../../../contracts/RegistryLayout.sol";
import {Dice} from "../Dice.sol";
import {GovernanceModel} from "./GovernanceModel.sol";

/// @title Jurisdictions and what they publish
/// @notice Who may open, suspend and hand them over, and who may speak for them.
abstract contract JurisdictionModel is GovernanceModel {
    using RegistryLayout for bytes32;

    bytes32 private constant JURISDICTION_COUNT = bytes32(uint256(6));

    bytes32[4] internal someCodes = [bytes32("US-NY"), "US-NJ", "VCI", "X"];
    bytes32[2] internal ruleIds = [bytes32("ARENA"), "AUDIT-2"];
    string[3] private _dids = ["did:web:arena.example", "did:web:bar.example", "did:key:z1"];

    mapping(bytes32 code => uint32 number) internal numbers;
    mapping(bytes32 code => IIssuerRegistry.Proposal) internal accreditorProposals;
    mapping(bytes32 code => mapping(string did => uint64 venueId)) internal venueIds;
    mapping(bytes32 code => mapping(bytes32 id => uint64)) internal highestVersion;
    bytes32 private _lastProposed;

    function openJurisdiction(uint256 seed) external {
        Dice memory dice = _dice(seed);
        address actor = _who(dice, governor);
        bytes32 code = dice.once(10) ? bytes32("us-ny") : _someCode(dice);
        (string memory name, bool good) = _someName(dice);
        address accreditor = dice.once(10) ? address(0) : _anybody(dice);
        uint32 number = uint32(codes.length + 1);
        good = good && code != "us-ny" && numbers[code] == 0 && accreditor != address(0);
        bytes32 slot = RegistryLayout.jurisdiction(number);
        bool done = _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.openJurisdiction, (code, name, accreditor)),
            good && actor == governor,
            _slots(JURISDICTION_COUNT, RegistryLayout.numberOf(code), slot, slot.next()),
            abi.encodePacked(IIssuerRegistry.JurisdictionOpened.selector, code),
            abi.encode(actor, _now(), accreditor, name)
        );
        if (done) numbers[code] = number;
    }

    function setJurisdictionSuspended(uint256 seed) external {
        Dice memory dice = _dice(seed);
        bytes32 code = _someCode(dice);
        (bool suspended, uint16 reason) = (!jurisdictions[code].suspended, uint16(dice.roll(1 << 16)));
        if (dice.once(8)) suspended = !suspended;
        address actor = _whoSuspends(dice, suspended);
        _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.setJurisdictionSuspended, (code, suspended, reason)),
            numbers[code] != 0 && suspended != jurisdictions[code].suspended && _maySuspend(actor, suspended),
            _slots(RegistryLayout.jurisdiction(numbers[code])),
            abi.encodePacked(IIssuerRegistry.JurisdictionSuspensionChanged.selector, code),
            abi.encode(actor, _now(), suspended, reason)
        );
    }

    function proposeAccreditor(uint256 seed) external {
        Dice memory dice = _dice(seed);
        bytes32 code = _someCode(dice);
        address holder = jurisdictions[code].accreditor;
        address actor = _who(dice, dice.once(2) ? governor : holder);
        address next = dice.once(6) ? address(0) : _anybody(dice);
        (IIssuerRegistry.Proposal memory proposal, bool allowed) = _proposed(
            accreditorProposals[code],
            actor,
            holder,
            next
        );
        bool mayPropose = actor == governor || (actor == holder && !jurisdictions[code].suspended);
        bool done = _perform(
            actor,
            abi.encodeCall(IIssuerRegistry.proposeAccreditor, (code, next)),
            allowed && mayPropose && numbers[code] != 0,
            _slots(RegistryLayout.accreditorProposal(numbers[code]))
        );
        if (!done) return;
        (accreditorProposals[code], _lastProposed) = (proposal, code);
        _noteNamed(keccak256(abi.encode("accreditor", code)));
    }

    function acceptAccreditor(uint256 seed) external {
        Dice memory dice = _dice(seed);
        bytes32 code = dice.once(2) ? _lastProposed : _someCode(dice);
        IIssuerRegistry.Proposal memory proposal = accreditorProposals[code];
        address actor = _who(dice, proposal.account);
        bytes32 slot = RegistryLayout.jurisdiction(numbers[code]);
        bool done = _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.acceptAccreditor, (code)),
            actor == proposal.account &&
                proposal.notBefore <= _now() &&
                (proposal.fromAbove || !jurisdictions[code].suspended),
            _slots(slot, RegistryLayout.accreditorProposal(numbers[code])),
            abi.encodePacked(IIssuerRegistry.AccreditorChanged.selector, code),
            abi.encode(actor, _now(), actor)
        );
        if (!done) return;
        delete accreditorProposals[code];
        if (proposal.fromAbove) _noteTaken(keccak256(abi.encode("accreditor", code)));
    }

    function publishRules(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (bytes32 code, bytes32 id) = (_someCode(dice), dice.once(10) ? bytes32("") : ruleIds[dice.roll(2)]);
        address actor = _who(dice, jurisdictions[code].accreditor);
        IIssuerRegistry.Rules memory next = IIssuerRegistry.Rules({
            digest: dice.once(6) ? bytes32(0) : bytes32(dice.state),
            version: rules[code][id].version + uint64(dice.roll(4)),
            validFrom: dice.once(10) ? MAX_TIME + 1 : _now() + uint64(dice.roll(1000))
        });
        if (dice.once(20)) next.version = MAX_EXACT + 1;
        (string memory uri, bool good) = _someUrl(dice);
        good = good && id != "" && next.validFrom <= MAX_TIME && next.version <= MAX_EXACT;
        bytes32 slot = RegistryLayout.rules(numbers[code], id);
        bool done = _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.publishRules, (code, id, next.version, next.validFrom, next.digest, uri)),
            good && next.version > rules[code][id].version && _accredits(actor, code),
            _slots(slot, slot.next()),
            abi.encodePacked(IIssuerRegistry.RulesPublished.selector, code, id),
            abi.encode(actor, _now(), next.version, next.validFrom, next.digest, uri)
        );
        if (done && next.version > highestVersion[code][id]) highestVersion[code][id] = next.version;
    }

    function registerVenue(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (bytes32 code, string memory did) = (_someCode(dice), dice.once(10) ? "did:" : _dids[dice.roll(3)]);
        address actor = _who(dice, jurisdictions[code].accreditor);
        (string memory name, bool good) = _someName(dice);
        good = good && bytes(did).length > 4 && venueIds[code][did] == 0;
        uint64 venueId = venueCount + 1;
        bytes32 slot = RegistryLayout.venueId(numbers[code], keccak256(bytes(did)));
        bool done = _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.registerVenue, (code, did, name)),
            good && _accredits(actor, code),
            _slots(slot, RegistryLayout.venue(venueId)),
            abi.encodePacked(IIssuerRegistry.VenueRegistered.selector, uint256(venueId), code),
            abi.encode(actor, _now(), did, name)
        );
        if (done) venueIds[code][did] = venueId;
    }

    function renameVenue(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint64 venueId = uint64(dice.roll(venueCount + 2));
        bytes32 code = venues[venueId].jurisdiction;
        address actor = _who(dice, jurisdictions[code].accreditor);
        (string memory name, bool good) = _someName(dice);
        _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.renameVenue, (venueId, name)),
            good && _accredits(actor, code),
            _slots(),
            abi.encodePacked(IIssuerRegistry.VenueRenamed.selector, uint256(venueId)),
            abi.encode(actor, _now(), name)
        );
    }

    function setVenueStatus(uint256 seed) external {
        Dice memory dice = _dice(seed);
        uint64 venueId = uint64(dice.roll(venueCount + 2));
        IIssuerRegistry.Venue memory venue = venues[venueId];
        address actor = _who(dice, jurisdictions[venue.jurisdiction].accreditor);
        IIssuerRegistry.VenueStatus to = IIssuerRegistry.VenueStatus(dice.roll(4));
        if (to == IIssuerRegistry.VenueStatus.Withdrawn && !dice.once(4)) to = IIssuerRegistry.VenueStatus.Active;
        bool follows =
            to == IIssuerRegistry.VenueStatus.Active
                ? venue.status == IIssuerRegistry.VenueStatus.Suspended && !jurisdictions[venue.jurisdiction].suspended
                : to == IIssuerRegistry.VenueStatus.Suspended
                    ? venue.status == IIssuerRegistry.VenueStatus.Active
                    : to == IIssuerRegistry.VenueStatus.Withdrawn &&
                        (venue.status == IIssuerRegistry.VenueStatus.Active ||
                            venue.status == IIssuerRegistry.VenueStatus.Suspended);
        _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.setVenueStatus, (venueId, to, 7)),
            follows && actor == jurisdictions[venue.jurisdiction].accreditor,
            _slots(RegistryLayout.venue(venueId)),
            abi.encodePacked(IIssuerRegistry.VenueStatusChanged.selector, uint256(venueId)),
            abi.encode(actor, _now(), to, 7)
        );
    }

    /// @dev Whether an account can raise trust in a jurisdiction.
    function _accredits(address actor, bytes32 code) internal view returns (bool) {
        return actor == jurisdictions[code].accreditor && !jurisdictions[code].suspended;
    }

    /// @dev A jurisdiction, mostly one that is open.
    function _someCode(Dice memory dice) internal view returns (bytes32) {
        return codes.length == 0 || dice.once(6) ? someCodes[dice.roll(4)] : codes[dice.roll(codes.length)];
    }
}
