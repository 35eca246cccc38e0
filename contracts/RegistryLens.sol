// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {RegistryLayout} from "./RegistryLayout.sol";

/// @title Views of a registry
/// @notice What its storage says, in its own words. Convenience: a verifier replays the log and compares the head.
contract RegistryLens {
    using RegistryLayout for bytes32;

    IIssuerRegistry private immutable _REGISTRY;

    /// @notice A lens on one registry, which makes it itself.
    /// @param registry whose storage is read
    constructor(IIssuerRegistry registry) {
        _REGISTRY = registry;
    }

    /// @notice Whether a card that is signed with this key, names this `iss` and was issued at `nbf` has a trusted issuer.
    /// @dev No word of the card's signature, its end or its revocation.
    function isTrusted(string calldata iss, bytes32 kid, uint64 nbf) external view returns (bool) {
        uint64 id = issuerIdOf(iss);
        IIssuerRegistry.Issuer memory issuer = issuerOf(id);
        if (issuer.status != IIssuerRegistry.IssuerStatus.Active) {
            // Who retired has an end of accreditation.
            if (issuer.status != IIssuerRegistry.IssuerStatus.Retired) return false;
        }
        if (issuer.held || jurisdictionOf(issuer.jurisdiction).suspended) return false;
        if (!_within(nbf, issuer.accreditedFrom, issuer.accreditedUntil)) return false;
        IIssuerRegistry.Key memory key = keyOf(id, kid);
        if (key.state == IIssuerRegistry.KeyState.None || key.state == IIssuerRegistry.KeyState.Compromised)
            return false;
        return !isBurned(kid) && _within(nbf, key.validFrom, key.validUntil);
    }

    /// @notice The anchors of many lists, with the head and size of the log at the same block.
    function anchorsOf(
        IIssuerRegistry.AnchorRef[] calldata refs
    ) external view returns (bytes32 head, uint64 size, IIssuerRegistry.Anchor[] memory anchors) {
        uint256 count = refs.length;
        bytes32[] memory slots = new bytes32[](2 * count);
        for (uint256 i = 0; i < count; ++i) {
            slots[2 * i] = RegistryLayout.anchor(refs[i].issuerId, refs[i].list);
            slots[2 * i + 1] = slots[2 * i].next();
        }
        bytes32[] memory words = _REGISTRY.extsload(slots);
        anchors = new IIssuerRegistry.Anchor[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 state = uint256(words[2 * i + 1]);
            anchors[i] = IIssuerRegistry.Anchor({
                root: words[2 * i],
                counter: uint64(state),
                length: uint64(state >> 64),
                revoked: uint64(state >> 128),
                time: uint56(state >> 192),
                isFinal: state >> 248 != 0
            });
        }
        (head, size) = _REGISTRY.logHead();
    }

    /// @notice From when on an account may accept a role that was offered to it; 0 if none was.
    function roleOfferOf(bytes32 role, address account) external view returns (uint64 notBefore) {
        return uint64(_load(RegistryLayout.roleOffer(role, account)));
    }

    /// @notice Who is to accredit next.
    function accreditorProposalOf(bytes32 jurisdiction) external view returns (IIssuerRegistry.Proposal memory) {
        return _proposal(RegistryLayout.accreditorProposal(_numberOf(jurisdiction)));
    }

    /// @notice Who is to control an issuer next.
    function controllerProposalOf(uint64 issuerId) external view returns (IIssuerRegistry.Proposal memory) {
        return _proposal(RegistryLayout.controllerProposal(issuerId));
    }

    /// @notice To which jurisdiction an issuer is offered, zero if to none; whether over its accreditor's head; from when on.
    function transferOfferOf(
        uint64 issuerId
    ) external view returns (bytes32 jurisdiction, bool byGovernor, uint64 notBefore) {
        uint256 word = _load(RegistryLayout.transferOffer(issuerId));
        return (_codeOf(uint32(word)), uint8(word >> 32) != 0, uint64(word >> 40));
    }

    /// @notice A rule set's last version; version 0 if there is none.
    function rulesOf(bytes32 jurisdiction, bytes32 id) external view returns (IIssuerRegistry.Rules memory) {
        bytes32 slot = RegistryLayout.rules(_numberOf(jurisdiction), id);
        uint256 word = _load(slot.next());
        return IIssuerRegistry.Rules(bytes32(_load(slot)), uint64(word), uint64(word >> 64));
    }

    /// @notice The id of a venue in a jurisdiction; 0 if none.
    function venueIdOf(bytes32 jurisdiction, string calldata did) external view returns (uint64) {
        return uint64(_load(RegistryLayout.venueId(_numberOf(jurisdiction), keccak256(bytes(did)))));
    }

    /// @notice A venue; status None if there is none.
    function venueOf(uint64 venueId) external view returns (IIssuerRegistry.Venue memory) {
        uint256 word = _load(RegistryLayout.venue(venueId));
        return IIssuerRegistry.Venue(_codeOf(uint32(word)), IIssuerRegistry.VenueStatus(uint8(word >> 32)));
    }

    /// @notice The id of an issuer by its `iss`, exactly as registered; 0 if none.
    function issuerIdOf(string calldata iss) public view returns (uint64) {
        return uint64(_load(RegistryLayout.issuerId(keccak256(bytes(iss)))));
    }

    /// @notice An issuer; status None if there is none.
    function issuerOf(uint64 issuerId) public view returns (IIssuerRegistry.Issuer memory) {
        uint256 record = _load(RegistryLayout.issuer(issuerId));
        uint256 accreditation = _load(RegistryLayout.accreditation(issuerId));
        return
            IIssuerRegistry.Issuer({
                jurisdiction: _codeOf(uint32(record >> 168)),
                controller: address(uint160(record)),
                operator: address(uint160(_load(RegistryLayout.operator(issuerId)))),
                status: IIssuerRegistry.IssuerStatus(uint8(record >> 160)),
                held: record >> 232 != 0,
                accreditedFrom: uint64(accreditation),
                accreditedUntil: uint64(accreditation >> 64),
                attestations: uint32(record >> 200)
            });
    }

    /// @notice A jurisdiction; accreditor zero if there is none.
    function jurisdictionOf(bytes32 jurisdiction) public view returns (IIssuerRegistry.Jurisdiction memory) {
        uint256 record = _load(RegistryLayout.jurisdiction(_numberOf(jurisdiction)));
        return IIssuerRegistry.Jurisdiction(address(uint160(record)), record >> 160 != 0);
    }

    /// @notice A key under an issuer; state None if there is none.
    function keyOf(uint64 issuerId, bytes32 kid) public view returns (IIssuerRegistry.Key memory) {
        uint256 record = _load(RegistryLayout.key(issuerId, kid));
        return
            IIssuerRegistry.Key({
                validFrom: uint64(record),
                validUntil: uint64(record >> 64),
                state: IIssuerRegistry.KeyState(uint8(record >> 128)),
                revocation: IIssuerRegistry.RevocationMethod(uint8(record >> 136)),
                listed: record >> 144 != 0
            });
    }

    /// @notice Whether the key of a kid was burned, whoever's it is.
    function isBurned(bytes32 kid) public view returns (bool) {
        return _load(RegistryLayout.burned(kid)) != 0;
    }

    function _load(bytes32 slot) private view returns (uint256) {
        bytes32[] memory slots = new bytes32[](1);
        slots[0] = slot;
        return uint256(_REGISTRY.extsload(slots)[0]);
    }

    function _proposal(bytes32 slot) private view returns (IIssuerRegistry.Proposal memory) {
        uint256 word = _load(slot);
        return IIssuerRegistry.Proposal(address(uint160(word)), uint64(word >> 160), word >> 224 != 0);
    }

    function _numberOf(bytes32 jurisdiction) private view returns (uint32) {
        return uint32(_load(RegistryLayout.numberOf(jurisdiction)));
    }

    function _codeOf(uint32 number) private view returns (bytes32) {
        return bytes32(_load(RegistryLayout.jurisdiction(number).next()));
    }

    /// @dev `until` 0 is no end.
    function _within(uint64 time, uint64 from, uint64 until) private pure returns (bool) {
        return time >= from && (until == 0 || time < until);
    }
}
