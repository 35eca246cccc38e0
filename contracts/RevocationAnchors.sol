// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {Keys} from "./Keys.sol";

/// @title Revocation anchors
/// @notice One record per list of an issuer: current state, not log.
abstract contract RevocationAnchors is Keys {
    uint64 private constant MAX_EXACT = 2 ** 53 - 1;

    /// @dev `state` is counter, length, revoked, time and finality from the low bits on: one write, where the compiler
    /// makes three of a struct. Anchoring is the one transaction of every day.
    struct AnchorRecord {
        bytes32 root;
        uint256 state;
    }

    mapping(uint64 issuerId => mapping(bytes32 list => AnchorRecord)) private _anchors;

    /// @inheritdoc IIssuerRegistry
    /// @dev A retired issuer's cards stay good, so it can still revoke. A suspended issuer cannot anchor: a new root
    /// can also take a revocation back, and none of its cards is accepted meanwhile.
    function anchor(
        uint64 issuerId,
        bytes32 list,
        bytes32 root,
        uint64 counter,
        uint64 length,
        uint64 revoked,
        bool isFinal
    ) external {
        IssuerRecord storage issuer = _issuerRecord(issuerId);
        _requireControl(issuerId, issuer);
        _requireNotSuspended(issuer.jurisdiction);
        if (issuer.status != IssuerStatus.Active && issuer.status != IssuerStatus.Retired) {
            revert IssuerNotActive(issuerId, issuer.status);
        }

        AnchorRecord storage record = _anchors[issuerId][list];
        uint256 state = record.state;
        if (state >> 248 != 0) revert AnchorIsFinal(issuerId, list);
        if (counter <= uint64(state)) revert CounterNotRising(uint64(state), counter);
        // No root of SHA-256 is zero, and no list revokes more than it holds. Above MAX_EXACT, JavaScript rounds.
        if (root == bytes32(0) || revoked > length || length > MAX_EXACT || counter > MAX_EXACT) revert InvalidAnchor();

        record.root = root;
        record.state =
            uint256(counter) |
            (uint256(length) << 64) |
            (uint256(revoked) << 128) |
            (block.timestamp << 192) |
            (isFinal ? 1 << 248 : 0);
        emit RevocationAnchored(issuerId, list, msg.sender, root, counter, length, revoked, isFinal);
    }

    /// @inheritdoc IIssuerRegistry
    function anchorsOf(
        AnchorRef[] calldata refs
    ) external view returns (bytes32 head, uint64 size, Anchor[] memory anchors) {
        (head, size) = _headAndSize();
        anchors = new Anchor[](refs.length);
        for (uint256 i = 0; i < refs.length; ++i) {
            AnchorRecord storage record = _anchors[refs[i].issuerId][refs[i].list];
            uint256 state = record.state;
            anchors[i] = Anchor({
                root: record.root,
                counter: uint64(state),
                length: uint64(state >> 64),
                revoked: uint64(state >> 128),
                time: uint56(state >> 192),
                isFinal: state >> 248 != 0
            });
        }
    }
}
