// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DidWeb} from "./DidWeb.sol";
import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {Jurisdictions} from "./Jurisdictions.sol";
import {Names} from "./Names.sol";

/// @title What a jurisdiction publishes for venues and holders
/// @notice Rule sets by their digest, and the venues that it vouches for.
abstract contract Publications is Jurisdictions {
    /// @dev Times above are milliseconds by mistake.
    uint64 internal constant MAX_TIME = 1e11;
    /// @dev Above it, JavaScript rounds.
    uint64 internal constant MAX_EXACT = 2 ** 53 - 1;

    struct VenueRecord {
        uint32 jurisdiction;
        VenueStatus status;
    }

    mapping(uint32 jurisdiction => mapping(bytes32 id => Rules)) private _rules;
    mapping(uint32 jurisdiction => mapping(bytes32 didHash => uint64 venueId)) private _venueIds;
    mapping(uint64 venueId => VenueRecord) private _venues;

    /// @inheritdoc IIssuerRegistry
    function publishRules(
        bytes32 jurisdiction,
        bytes32 id,
        uint64 version,
        uint64 validFrom,
        bytes32 digest,
        string calldata uri
    ) external {
        Rules storage rules = _rules[_requireAccrediting(jurisdiction)][id];
        _requireCode(id);
        if (version <= rules.version) revert VersionNotRising(rules.version, version);
        if (version > MAX_EXACT || validFrom > MAX_TIME) revert InvalidRules();
        _requireUrl(uri);

        rules.digest = digest;
        rules.version = version;
        rules.validFrom = validFrom;
        _append(
            RulesPublished.selector,
            jurisdiction,
            id,
            // solhint-disable-next-line func-named-parameters
            abi.encode(msg.sender, _now(), version, validFrom, digest, uri)
        );
    }

    /// @inheritdoc IIssuerRegistry
    function registerVenue(
        bytes32 jurisdiction,
        string calldata did,
        string calldata name
    ) external returns (uint64 venueId) {
        uint32 number = _requireAccrediting(jurisdiction);
        _requireName(name);
        if (!Names.isDid(did)) revert InvalidDid(did);
        bytes32 didHash = keccak256(bytes(did));
        venueId = _venueIds[number][didHash];
        if (venueId != 0) revert VenueExists(venueId);

        venueId = _nextVenueId();
        _venueIds[number][didHash] = venueId;
        _venues[venueId] = VenueRecord(number, VenueStatus.Active);
        _append(
            VenueRegistered.selector,
            bytes32(uint256(venueId)),
            jurisdiction,
            abi.encode(msg.sender, _now(), did, name)
        );
    }

    /// @inheritdoc IIssuerRegistry
    function renameVenue(uint64 venueId, string calldata name) external {
        _requireNotSuspended(_venueRecord(venueId).jurisdiction);
        _requireName(name);
        _append(VenueRenamed.selector, bytes32(uint256(venueId)), abi.encode(msg.sender, _now(), name));
    }

    /// @inheritdoc IIssuerRegistry
    function setVenueStatus(uint64 venueId, VenueStatus status, uint16 reason) external {
        VenueRecord storage record = _venueRecord(venueId);
        VenueStatus from = record.status;
        if (status == VenueStatus.Active) _requireNotSuspended(record.jurisdiction);
        if (status == VenueStatus.None || status == from || from == VenueStatus.Withdrawn) {
            revert InvalidVenueStatus(from, status);
        }

        record.status = status;
        _append(VenueStatusChanged.selector, bytes32(uint256(venueId)), abi.encode(msg.sender, _now(), status, reason));
    }

    /// @dev A venue for its accreditor.
    function _venueRecord(uint64 venueId) private view returns (VenueRecord storage record) {
        record = _venues[venueId];
        if (record.status == VenueStatus.None) revert UnknownVenue(venueId);
        _requireAccreditor(record.jurisdiction);
    }

    /// @dev https as an `iss` is, or empty.
    function _requireUrl(string calldata url) internal pure {
        if (bytes(url).length != 0 && DidWeb.fromUrl(url).length == 0) revert InvalidUrl(url);
    }
}
