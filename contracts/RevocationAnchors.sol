// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {IssuerControl} from "./IssuerControl.sol";

/// @title Revocation anchors
/// @notice One record per list of an issuer: current state, not log.
abstract contract RevocationAnchors is IssuerControl {
    /// @dev `state` is counter, length, revoked, time and finality from the low bits on: one write, where the compiler
    /// makes three of a struct. Anchoring is the one transaction of every day.
    struct AnchorRecord {
        bytes32 root;
        uint256 state;
    }

    mapping(uint64 issuerId => mapping(bytes32 list => AnchorRecord)) private _anchors;

    /// @inheritdoc IIssuerRegistry
    function anchor(NewAnchor calldata terms) external {
        _anchor(terms, msg.sender);
    }

    /// @inheritdoc IIssuerRegistry
    function renewAnchor(uint64 issuerId, bytes32 list) external {
        (, uint32 jurisdiction) = _anchoringIssuer(issuerId);
        _requireAccreditor(jurisdiction);
        AnchorRecord storage record = _anchors[issuerId][list];
        uint256 state = record.state;
        if (state == 0) revert NothingAnchored(issuerId, list);
        _requireNotFinal(state, issuerId, list);

        record.state = (state & ~(uint256(type(uint56).max) << 192)) | (block.timestamp << 192);
        emit RevocationAnchored({
            issuerId: issuerId,
            list: list,
            by: msg.sender,
            root: record.root,
            counter: uint64(state),
            length: uint64(state >> 64),
            revoked: uint64(state >> 128),
            isFinal: false
        });
    }

    function _anchor(NewAnchor calldata terms, address actor) internal {
        uint64 issuerId = terms.issuerId;
        bytes32 list = terms.list;
        (address controller, uint32 jurisdiction) = _anchoringIssuer(issuerId);
        _requireMayAnchor(issuerId, controller, jurisdiction, actor, terms.isFinal);

        AnchorRecord storage record = _anchors[issuerId][list];
        uint256 state = record.state;
        _requireNotFinal(state, issuerId, list);
        (bytes32 root, uint64 counter, uint64 length) = (terms.root, terms.counter, terms.length);
        (uint64 revoked, bool isFinal) = (terms.revoked, terms.isFinal);
        if (counter <= uint64(state)) revert CounterNotRising(uint64(state), counter);
        // No root of SHA-256 is zero, and no list revokes more than it holds.
        if (root == 0 || revoked > length || length > MAX_EXACT || counter > MAX_EXACT) revert InvalidAnchor();

        record.root = root;
        record.state =
            uint256(counter) |
            (uint256(length) << 64) |
            (uint256(revoked) << 128) |
            (block.timestamp << 192) |
            (isFinal ? 1 << 248 : 0);
        emit RevocationAnchored({
            issuerId: issuerId,
            list: list,
            by: actor,
            root: root,
            counter: counter,
            length: length,
            revoked: revoked,
            isFinal: isFinal
        });
    }

    function _requireNotFinal(uint256 state, uint64 issuerId, bytes32 list) private pure {
        if (state >> 248 != 0) revert AnchorIsFinal(issuerId, list);
    }
}
