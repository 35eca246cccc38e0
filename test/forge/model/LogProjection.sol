// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "../../../contracts/IIssuerRegistry.sol";
import {Thumbprint} from "../Thumbprint.sol";
import {ICheatcodes, VM} from "../Cheatcodes.sol";

/// @title What a reader of the log knows
/// @notice Replays log events one by one into the state that they imply, and into the head over them.
abstract contract LogProjection {
    struct KeyRef {
        uint64 issuerId;
        bytes32 kid;
    }

    struct Registered {
        address by;
        uint64 time;
        address controller;
        IIssuerRegistry.IssuerStatus status;
        uint64 accreditedFrom;
        uint64 accreditedUntil;
        uint32 attestations;
        string did;
        string iss;
        string name;
        string statusBase;
    }

    bytes32 internal logHead;
    uint64 internal logSize;

    bytes32[] internal codes;
    mapping(bytes32 code => IIssuerRegistry.Jurisdiction) internal jurisdictions;
    uint64 internal issuerCount;
    mapping(uint64 issuerId => IIssuerRegistry.Issuer) internal issuers;
    mapping(uint64 issuerId => string) internal isses;
    KeyRef[] internal keyRefs;
    mapping(uint64 issuerId => mapping(bytes32 kid => IIssuerRegistry.Key)) internal keys;
    bytes32[] internal burnedKids;
    mapping(bytes32 kid => bool) internal burned;
    uint64 internal venueCount;
    mapping(uint64 venueId => IIssuerRegistry.Venue) internal venues;
    mapping(bytes32 code => mapping(bytes32 id => IIssuerRegistry.Rules)) internal rules;

    /// @dev Suspensions and holds that ended by another account than the governor's.
    uint256 internal liftsByOthers;

    /// @dev Governance is not in the log.
    function _isGovernor(address account) internal view virtual returns (bool);

    /// @dev Topics of every log event; 0 for an event outside the log.
    function _topicCount(bytes32 signature) internal pure returns (uint256) {
        if (
            signature == IIssuerRegistry.IssuerRegistered.selector ||
            signature == IIssuerRegistry.IssuerTransferred.selector ||
            signature == IIssuerRegistry.KeyRegistered.selector ||
            signature == IIssuerRegistry.KeyListed.selector ||
            signature == IIssuerRegistry.KeyRetired.selector ||
            signature == IIssuerRegistry.KeyCompromised.selector ||
            signature == IIssuerRegistry.KeyRevocationChanged.selector ||
            signature == IIssuerRegistry.VenueRegistered.selector ||
            signature == IIssuerRegistry.RulesPublished.selector
        ) return 4;
        if (
            signature == IIssuerRegistry.JurisdictionOpened.selector ||
            signature == IIssuerRegistry.AccreditorChanged.selector ||
            signature == IIssuerRegistry.JurisdictionSuspensionChanged.selector ||
            signature == IIssuerRegistry.IssuerStatusChanged.selector ||
            signature == IIssuerRegistry.IssuerHoldChanged.selector ||
            signature == IIssuerRegistry.IssuerUpdated.selector ||
            signature == IIssuerRegistry.IssuerStatusBaseChanged.selector ||
            signature == IIssuerRegistry.IssuerControllerChanged.selector ||
            signature == IIssuerRegistry.IssuerOperatorChanged.selector ||
            signature == IIssuerRegistry.KeyBurned.selector ||
            signature == IIssuerRegistry.VenueRenamed.selector ||
            signature == IIssuerRegistry.VenueStatusChanged.selector ||
            signature == IIssuerRegistry.SuccessorAnnounced.selector
        ) return 3;
        return 0;
    }

    /// @dev Takes one log event in: its number, its head, and what it says.
    function _replay(ICheatcodes.Log memory log) internal {
        bytes32 signature = log.topics[0];
        VM.assertEq(log.topics.length, _topicCount(signature), "topics of a log event");
        VM.assertEq(uint256(log.topics[1]), logSize, "its number");
        ++logSize;
        bytes32 record = keccak256(abi.encodePacked(uint8(log.topics.length), log.topics, log.data));
        logHead = keccak256(bytes.concat(logHead, record));
        (, uint64 time) = abi.decode(log.data, (address, uint64));
        VM.assertEq(time, block.timestamp, "its time");

        bytes32 first = log.topics[2];
        bytes32 second = log.topics.length > 3 ? log.topics[3] : bytes32(0);
        if (_replayJurisdiction(signature, first, log.data)) return;
        if (_replayIssuer(signature, uint64(uint256(first)), second, log.data)) return;
        if (_replayKey(signature, uint64(uint256(first)), second, log.data)) return;
        _replayPublication(signature, first, second, log.data);
    }

    function _replayJurisdiction(bytes32 signature, bytes32 code, bytes memory data) private returns (bool) {
        if (signature == IIssuerRegistry.JurisdictionOpened.selector) {
            codes.push(code);
            (, , jurisdictions[code].accreditor) = abi.decode(data, (address, uint64, address));
        } else if (signature == IIssuerRegistry.AccreditorChanged.selector) {
            (, , jurisdictions[code].accreditor) = abi.decode(data, (address, uint64, address));
        } else if (signature == IIssuerRegistry.JurisdictionSuspensionChanged.selector) {
            (address by, , bool suspended) = abi.decode(data, (address, uint64, bool));
            jurisdictions[code].suspended = suspended;
            if (!suspended && !_isGovernor(by)) ++liftsByOthers;
        } else {
            return false;
        }
        return true;
    }

    function _replayIssuer(bytes32 signature, uint64 id, bytes32 code, bytes memory data) private returns (bool) {
        IIssuerRegistry.Issuer storage issuer = issuers[id];
        if (signature == IIssuerRegistry.IssuerRegistered.selector) {
            _replayRegistered(issuer, id, data);
            issuer.jurisdiction = code;
        } else if (signature == IIssuerRegistry.IssuerStatusChanged.selector) {
            uint64 time;
            (, time, issuer.status) = abi.decode(data, (address, uint64, IIssuerRegistry.IssuerStatus));
            bool ended = issuer.accreditedUntil != 0 && issuer.accreditedUntil < time;
            if (issuer.status == IIssuerRegistry.IssuerStatus.Retired && !ended) issuer.accreditedUntil = time;
        } else if (signature == IIssuerRegistry.IssuerHoldChanged.selector) {
            address by;
            (by, , issuer.held) = abi.decode(data, (address, uint64, bool));
            if (!issuer.held && !_isGovernor(by)) ++liftsByOthers;
        } else if (signature == IIssuerRegistry.IssuerUpdated.selector) {
            (, , issuer.accreditedFrom, issuer.accreditedUntil, issuer.attestations) = abi.decode(
                data,
                (address, uint64, uint64, uint64, uint32)
            );
        } else if (signature == IIssuerRegistry.IssuerControllerChanged.selector) {
            (, , issuer.controller) = abi.decode(data, (address, uint64, address));
            issuer.operator = address(0);
        } else if (signature == IIssuerRegistry.IssuerOperatorChanged.selector) {
            (, , issuer.operator) = abi.decode(data, (address, uint64, address));
        } else if (signature == IIssuerRegistry.IssuerTransferred.selector) {
            issuer.jurisdiction = code;
            if (issuer.controller == address(0)) issuer.operator = address(0);
        } else {
            return false;
        }
        return true;
    }

    /// @dev Its data is the encoding of a struct but for the word that says where that begins.
    function _replayRegistered(IIssuerRegistry.Issuer storage issuer, uint64 id, bytes memory data) private {
        Registered memory told = abi.decode(bytes.concat(bytes32(uint256(0x20)), data), (Registered));
        VM.assertEq(id, ++issuerCount, "issuers are counted from 1");
        (issuer.controller, issuer.status) = (told.controller, told.status);
        (issuer.accreditedFrom, issuer.accreditedUntil) = (told.accreditedFrom, told.accreditedUntil);
        (issuer.attestations, isses[id]) = (told.attestations, told.iss);
    }

    function _replayKey(bytes32 signature, uint64 id, bytes32 kid, bytes memory data) private returns (bool) {
        IIssuerRegistry.Key storage key = keys[id][kid];
        if (signature == IIssuerRegistry.KeyRegistered.selector) {
            keyRefs.push(KeyRef(id, kid));
            key.state = IIssuerRegistry.KeyState.Active;
            (, , , , key.validFrom, key.validUntil, key.revocation) = abi.decode(
                data,
                (address, uint64, bytes32, bytes32, uint64, uint64, IIssuerRegistry.RevocationMethod)
            );
        } else if (signature == IIssuerRegistry.KeyListed.selector) {
            keyRefs.push(KeyRef(id, kid));
            (key.state, key.listed) = (IIssuerRegistry.KeyState.Active, true);
            (, , , , key.validUntil, key.revocation) = abi.decode(
                data,
                (address, uint64, bytes, bytes, uint64, IIssuerRegistry.RevocationMethod)
            );
        } else if (signature == IIssuerRegistry.KeyRetired.selector) {
            key.state = IIssuerRegistry.KeyState.Retired;
            (, , key.validUntil) = abi.decode(data, (address, uint64, uint64));
        } else if (signature == IIssuerRegistry.KeyCompromised.selector) {
            key.state = IIssuerRegistry.KeyState.Compromised;
        } else if (signature == IIssuerRegistry.KeyRevocationChanged.selector) {
            (, , key.revocation) = abi.decode(data, (address, uint64, IIssuerRegistry.RevocationMethod));
        } else if (signature == IIssuerRegistry.KeyBurned.selector) {
            (, , bytes32 x, bytes32 y) = abi.decode(data, (address, uint64, bytes32, bytes32));
            bytes32[] memory kids = Thumbprint.all(x, y);
            for (uint256 i = 0; i < kids.length; ++i) {
                burned[kids[i]] = true;
                burnedKids.push(kids[i]);
            }
        } else {
            return false;
        }
        return true;
    }

    function _replayPublication(bytes32 signature, bytes32 first, bytes32 second, bytes memory data) private {
        IIssuerRegistry.Venue storage venue = venues[uint64(uint256(first))];
        if (signature == IIssuerRegistry.VenueRegistered.selector) {
            ++venueCount;
            (venue.jurisdiction, venue.status) = (second, IIssuerRegistry.VenueStatus.Active);
        } else if (signature == IIssuerRegistry.VenueStatusChanged.selector) {
            (, , venue.status) = abi.decode(data, (address, uint64, IIssuerRegistry.VenueStatus));
        } else if (signature == IIssuerRegistry.RulesPublished.selector) {
            IIssuerRegistry.Rules storage set = rules[first][second];
            (, , set.version, set.validFrom, set.digest) = abi.decode(data, (address, uint64, uint64, uint64, bytes32));
        }
    }
}
