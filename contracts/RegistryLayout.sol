// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SlotDerivation} from "@openzeppelin/contracts/utils/SlotDerivation.sol";

/// @title Where the registry keeps what
/// @notice Slots of its storage, for `extsload` and for storage proofs (EIP-1186). Fixed with the deployed code; a test
/// holds them against the compiler's layout.
/// @dev Members of a word are named from its low bits on.
library RegistryLayout {
    using SlotDerivation for bytes32;

    /// @notice The head of the log.
    bytes32 internal constant HEAD = bytes32(uint256(0));
    /// @notice uint64 size of the log, uint64 issuers, uint64 venues.
    bytes32 internal constant COUNTS = bytes32(uint256(1));

    bytes32 private constant ROLE_OFFERS = bytes32(uint256(5));
    bytes32 private constant NUMBERS = bytes32(uint256(7));
    bytes32 private constant JURISDICTIONS = bytes32(uint256(8));
    bytes32 private constant ACCREDITOR_PROPOSALS = bytes32(uint256(9));
    bytes32 private constant RULES = bytes32(uint256(10));
    bytes32 private constant VENUE_IDS = bytes32(uint256(11));
    bytes32 private constant VENUES = bytes32(uint256(12));
    bytes32 private constant ISSUER_IDS = bytes32(uint256(13));
    bytes32 private constant ISSUERS = bytes32(uint256(14));
    bytes32 private constant ACCREDITATIONS = bytes32(uint256(15));
    bytes32 private constant OPERATORS = bytes32(uint256(16));
    bytes32 private constant CONTROLLER_PROPOSALS = bytes32(uint256(17));
    bytes32 private constant TRANSFER_OFFERS = bytes32(uint256(18));
    bytes32 private constant KEYS = bytes32(uint256(19));
    bytes32 private constant BURNED = bytes32(uint256(20));
    bytes32 private constant ANCHORS = bytes32(uint256(21));

    /// @notice uint64 second from which an account may accept a role; 0 if it is not offered.
    function roleOffer(bytes32 role, address account) internal pure returns (bytes32) {
        return ROLE_OFFERS.deriveMapping(role).deriveMapping(account);
    }

    /// @notice uint32 number of a jurisdiction; 0 if there is none.
    function numberOf(bytes32 code) internal pure returns (bytes32) {
        return NUMBERS.deriveMapping(code);
    }

    /// @notice address accreditor, bool suspended; the code one slot on.
    function jurisdiction(uint32 number) internal pure returns (bytes32) {
        return JURISDICTIONS.deriveMapping(uint256(number));
    }

    /// @notice address account, uint64 notBefore, bool fromAbove.
    function accreditorProposal(uint32 number) internal pure returns (bytes32) {
        return ACCREDITOR_PROPOSALS.deriveMapping(uint256(number));
    }

    /// @notice The digest; uint64 version, uint64 validFrom one slot on.
    function rules(uint32 number, bytes32 id) internal pure returns (bytes32) {
        return RULES.deriveMapping(uint256(number)).deriveMapping(id);
    }

    /// @notice uint64 id of a venue by its jurisdiction and keccak256 of its DID; 0 if there is none.
    function venueId(uint32 number, bytes32 didHash) internal pure returns (bytes32) {
        return VENUE_IDS.deriveMapping(uint256(number)).deriveMapping(didHash);
    }

    /// @notice uint32 number of the jurisdiction, uint8 status.
    function venue(uint64 id) internal pure returns (bytes32) {
        return VENUES.deriveMapping(uint256(id));
    }

    /// @notice uint64 id of an issuer by keccak256 of its `iss`; 0 if there is none.
    function issuerId(bytes32 issHash) internal pure returns (bytes32) {
        return ISSUER_IDS.deriveMapping(issHash);
    }

    /// @notice address controller, uint8 status, uint32 number of the jurisdiction, uint32 attestations, bool held.
    function issuer(uint64 id) internal pure returns (bytes32) {
        return ISSUERS.deriveMapping(uint256(id));
    }

    /// @notice uint64 from, uint64 until.
    function accreditation(uint64 id) internal pure returns (bytes32) {
        return ACCREDITATIONS.deriveMapping(uint256(id));
    }

    /// @notice address operator.
    function operator(uint64 id) internal pure returns (bytes32) {
        return OPERATORS.deriveMapping(uint256(id));
    }

    /// @notice address account, uint64 notBefore, bool fromAbove.
    function controllerProposal(uint64 id) internal pure returns (bytes32) {
        return CONTROLLER_PROPOSALS.deriveMapping(uint256(id));
    }

    /// @notice uint32 number of the jurisdiction, bool byGovernor, uint64 notBefore.
    function transferOffer(uint64 id) internal pure returns (bytes32) {
        return TRANSFER_OFFERS.deriveMapping(uint256(id));
    }

    /// @notice uint64 validFrom, uint64 validUntil, uint8 state, uint8 revocation, bool listed.
    function key(uint64 id, bytes32 kid) internal pure returns (bytes32) {
        return KEYS.deriveMapping(uint256(id)).deriveMapping(kid);
    }

    /// @notice bool burned.
    function burned(bytes32 kid) internal pure returns (bytes32) {
        return BURNED.deriveMapping(kid);
    }

    /// @notice The root; uint64 counter, uint64 length, uint64 revoked, uint56 time, bool final one slot on.
    function anchor(uint64 id, bytes32 list) internal pure returns (bytes32) {
        return ANCHORS.deriveMapping(uint256(id)).deriveMapping(list);
    }

    /// @notice The slot behind another.
    function next(bytes32 slot) internal pure returns (bytes32) {
        return bytes32(uint256(slot) + 1);
    }
}
