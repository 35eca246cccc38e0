// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {IssuerControl} from "./IssuerControl.sol";
import {P256Keys} from "./P256Keys.sol";

/// @title Keys
/// @notice Proven by their issuer's controller or listed by the accreditor. Trust is always by (issuer, kid).
abstract contract Keys is IssuerControl {
    P256Keys private immutable _P256 = new P256Keys();

    mapping(uint64 issuerId => mapping(bytes32 kid => Key)) private _keys;
    mapping(bytes32 kid => bool) private _burned;

    /// @inheritdoc IIssuerRegistry
    function registerKey(NewKey calldata key) external returns (bytes32 kid) {
        return _registerKey(key, msg.sender);
    }

    /// @inheritdoc IIssuerRegistry
    function listKeys(ListedKey[] calldata keys) external {
        for (uint256 i = 0; i < keys.length; ++i) _listKey(keys[i]);
    }

    /// @inheritdoc IIssuerRegistry
    function setKeyRevocation(uint64 issuerId, bytes32 kid, RevocationMethod revocation) external {
        Key storage key = _livingKey(issuerId, kid);
        _requireControl(issuerId, _issuerRecord(issuerId), msg.sender);
        if (key.revocation != RevocationMethod.None || revocation == RevocationMethod.None) {
            revert InvalidRevocation(key.revocation, revocation);
        }

        key.revocation = revocation;
        _append(
            KeyRevocationChanged.selector,
            bytes32(uint256(issuerId)),
            kid,
            abi.encode(msg.sender, _now(), revocation)
        );
    }

    /// @inheritdoc IIssuerRegistry
    function retireKey(uint64 issuerId, bytes32 kid) external {
        Key storage key = _livingKey(issuerId, kid);
        _requireControl(issuerId, _issuerRecord(issuerId), msg.sender);
        // A second retirement could only keep the end, and make the log longer.
        if (key.state == KeyState.Retired) revert KeyIsRetired(issuerId, kid);

        uint64 validUntil = _now();
        // Retirement never prolongs: a key past its window keeps its end.
        if (key.validUntil != 0 && key.validUntil < validUntil) validUntil = key.validUntil;
        key.validUntil = validUntil;
        key.state = KeyState.Retired;
        _append(KeyRetired.selector, bytes32(uint256(issuerId)), kid, abi.encode(msg.sender, _now(), validUntil));
    }

    /// @inheritdoc IIssuerRegistry
    function compromiseKey(uint64 issuerId, bytes32 kid) external {
        Key storage key = _livingKey(issuerId, kid);
        IssuerRecord storage issuer = _issuerRecord(issuerId);
        if (issuer.controller != msg.sender && !_isAccreditor(issuer.jurisdiction)) {
            revert NotController(issuerId, msg.sender);
        }

        key.state = KeyState.Compromised;
        _append(KeyCompromised.selector, bytes32(uint256(issuerId)), kid, abi.encode(msg.sender, _now()));
    }

    /// @inheritdoc IIssuerRegistry
    function burnKey(uint64 issuerId, bytes32 x, bytes32 y, bytes32 r, bytes32 s) external {
        bytes32[] memory kids = _P256.kidsOf(x, y);
        bytes32 kid = kids[0];
        if (_burned[kid]) revert KeyIsBurned(kid);
        if (!_hasOneOf(issuerId, kids)) revert UnknownKey(issuerId, kid);
        // solhint-disable-next-line func-named-parameters
        _requireSignature(kid, abi.encode("pratique/key-burn/1", block.chainid, address(this), x, y), r, s, x, y);

        for (uint256 i = 0; i < kids.length; ++i) _burned[kids[i]] = true;
        _append(KeyBurned.selector, kid, abi.encode(msg.sender, _now(), x, y));
    }

    function _registerKey(NewKey calldata key, address actor) internal returns (bytes32 kid) {
        uint64 issuerId = key.issuerId;
        IssuerRecord storage issuer = _issuerRecord(issuerId);
        if (issuer.controller != actor) revert NotController(issuerId, actor);
        _requireNotSuspended(issuer.jurisdiction);
        _requirePendingOrActive(issuerId, issuer);

        if (key.validUntil == 0) revert InvalidWindow(key.validFrom, key.validUntil);
        _requireWindow(key.validFrom, key.validUntil);
        kid = _newKid(issuerId, bytes.concat(key.x), bytes.concat(key.y));
        // Bound to chain, registry and issuer, so that a proof cannot be used a second time elsewhere.
        // solhint-disable-next-line func-named-parameters
        bytes memory message = abi.encode(
            "pratique/key-possession/1",
            block.chainid,
            address(this),
            uint256(issuerId),
            kid,
            key.validFrom,
            key.validUntil
        );
        // solhint-disable-next-line func-named-parameters
        _requireSignature(kid, message, key.r, key.s, key.x, key.y);

        _keys[issuerId][kid] = Key({
            validFrom: key.validFrom,
            validUntil: key.validUntil,
            state: KeyState.Active,
            revocation: key.revocation,
            listed: false
        });
        _append(
            KeyRegistered.selector,
            bytes32(uint256(issuerId)),
            kid,
            // solhint-disable-next-line func-named-parameters
            abi.encode(actor, _now(), key.x, key.y, key.validFrom, key.validUntil, key.revocation)
        );
    }

    function _listKey(ListedKey calldata key) private {
        uint64 issuerId = key.issuerId;
        IssuerRecord storage issuer = _issuerRecord(issuerId);
        _requireAccreditor(issuer.jurisdiction);
        _requireNotSuspended(issuer.jurisdiction);
        if (issuer.controller != address(0)) revert IssuerHasController(issuerId);
        _requirePendingOrActive(issuerId, issuer);

        _requireWindow(0, key.validUntil);
        bytes32 kid = _newKid(issuerId, key.x, key.y);
        _keys[issuerId][kid] = Key({
            validFrom: 0,
            validUntil: key.validUntil,
            state: KeyState.Active,
            revocation: key.revocation,
            listed: true
        });
        _append(
            KeyListed.selector,
            bytes32(uint256(issuerId)),
            kid,
            // solhint-disable-next-line func-named-parameters
            abi.encode(msg.sender, _now(), key.x, key.y, key.validUntil, key.revocation)
        );
    }

    /// @dev The kid of a point that the issuer does not have yet, and that nobody burned.
    function _newKid(uint64 issuerId, bytes memory x, bytes memory y) private view returns (bytes32 kid) {
        kid = _P256.kidOf(x, y);
        if (_keys[issuerId][kid].state != KeyState.None) revert KeyExists(issuerId, kid);
        if (_burned[kid]) revert KeyIsBurned(kid);
    }

    function _hasOneOf(uint64 issuerId, bytes32[] memory kids) private view returns (bool) {
        for (uint256 i = 0; i < kids.length; ++i) {
            if (_keys[issuerId][kids[i]].state != KeyState.None) return true;
        }
        return false;
    }

    /// @dev A key that was added and not reported stolen.
    function _livingKey(uint64 issuerId, bytes32 kid) private view returns (Key storage key) {
        key = _keys[issuerId][kid];
        if (key.state == KeyState.None) revert UnknownKey(issuerId, kid);
        if (key.state == KeyState.Compromised) revert KeyIsCompromised(issuerId, kid);
    }

    /// @dev ES256 by the key itself over a message, hashed once.
    function _requireSignature(
        bytes32 kid,
        bytes memory message,
        bytes32 r,
        bytes32 s,
        bytes32 x,
        bytes32 y
    ) private view {
        // solhint-disable-next-line func-named-parameters
        if (!_P256.isSignature(sha256(message), r, s, x, y)) revert PossessionNotProven(kid);
    }
}
