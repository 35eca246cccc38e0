// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {Issuers} from "./Issuers.sol";
import {JwkThumbprint} from "./JwkThumbprint.sol";

/// @title Keys
/// @notice Proven by their issuer's controller or listed by the accreditor. Trust is always by (issuer, kid).
abstract contract Keys is Issuers {
    mapping(uint64 issuerId => mapping(bytes32 kid => Key)) private _keys;

    /// @inheritdoc IIssuerRegistry
    function registerKey(
        uint64 issuerId,
        bytes32 x,
        bytes32 y,
        uint64 validFrom,
        uint64 validUntil,
        RevocationMethod revocation,
        bytes32 r,
        bytes32 s
    ) external returns (bytes32 kid) {
        IssuerRecord storage issuer = _issuerRecord(issuerId);
        if (issuer.controller != msg.sender) revert NotController(issuerId, msg.sender);
        _requireNotSuspended(issuer.jurisdiction);
        _requirePendingOrActive(issuerId, issuer);

        if (validUntil == 0) revert InvalidWindow(validFrom, validUntil);
        _requireWindow(validFrom, validUntil);
        if (!P256.isValidPublicKey(x, y)) revert PointNotOnCurve();
        kid = JwkThumbprint.ofP256(bytes.concat(x), bytes.concat(y));
        _requireNewKey(issuerId, kid);
        // OpenZeppelin's P256 refuses a high s, so that a proof has one form only.
        if (!P256.verify(_possessionDigest(issuerId, kid, validFrom, validUntil), r, s, x, y)) {
            revert PossessionNotProven(kid);
        }

        _keys[issuerId][kid] = Key({
            validFrom: validFrom,
            validUntil: validUntil,
            state: KeyState.Active,
            revocation: revocation,
            listed: false
        });
        _append(
            KeyRegistered.selector,
            abi.encode(issuerId, kid),
            // solhint-disable-next-line func-named-parameters
            abi.encode(msg.sender, _now(), x, y, validFrom, validUntil, revocation)
        );
    }

    /// @inheritdoc IIssuerRegistry
    function listKey(
        uint64 issuerId,
        bytes calldata x,
        bytes calldata y,
        uint64 validUntil,
        RevocationMethod revocation
    ) external returns (bytes32 kid) {
        IssuerRecord storage issuer = _issuerRecord(issuerId);
        _requireAccreditor(issuer.jurisdiction);
        _requireNotSuspended(issuer.jurisdiction);
        if (issuer.controller != address(0)) revert IssuerHasController(issuerId);
        _requirePendingOrActive(issuerId, issuer);

        _requireWindow(0, validUntil);
        if (!P256.isValidPublicKey(_leftPadded(x), _leftPadded(y))) revert PointNotOnCurve();
        kid = JwkThumbprint.ofP256(x, y);
        _requireNewKey(issuerId, kid);

        _keys[issuerId][kid] = Key({
            validFrom: 0,
            validUntil: validUntil,
            state: KeyState.Active,
            revocation: revocation,
            listed: true
        });
        _append(
            KeyListed.selector,
            abi.encode(issuerId, kid),
            // solhint-disable-next-line func-named-parameters
            abi.encode(msg.sender, _now(), x, y, validUntil, revocation)
        );
    }

    /// @inheritdoc IIssuerRegistry
    function retireKey(uint64 issuerId, bytes32 kid) external {
        Key storage key = _livingKey(issuerId, kid);
        _requireControl(issuerId, _issuerRecord(issuerId));
        // A second retirement could only keep the end, and make the log longer.
        if (key.state == KeyState.Retired) revert KeyIsRetired(issuerId, kid);

        uint64 validUntil = _now();
        // Retirement never prolongs: a key past its window keeps its end.
        if (key.validUntil != 0 && key.validUntil < validUntil) validUntil = key.validUntil;
        key.validUntil = validUntil;
        key.state = KeyState.Retired;
        _append(KeyRetired.selector, abi.encode(issuerId, kid), abi.encode(msg.sender, _now(), validUntil));
    }

    /// @inheritdoc IIssuerRegistry
    function compromiseKey(uint64 issuerId, bytes32 kid) external {
        Key storage key = _livingKey(issuerId, kid);
        IssuerRecord storage issuer = _issuerRecord(issuerId);
        if (issuer.controller != msg.sender && !_isAccreditor(issuer.jurisdiction)) {
            revert NotController(issuerId, msg.sender);
        }

        key.state = KeyState.Compromised;
        _append(KeyCompromised.selector, abi.encode(issuerId, kid), abi.encode(msg.sender, _now()));
    }

    /// @inheritdoc IIssuerRegistry
    function keyOf(uint64 issuerId, bytes32 kid) external view returns (Key memory) {
        return _keys[issuerId][kid];
    }

    function _requireNewKey(uint64 issuerId, bytes32 kid) private view {
        if (_keys[issuerId][kid].state != KeyState.None) revert KeyExists(issuerId, kid);
    }

    /// @dev A key that was added and not reported stolen.
    function _livingKey(uint64 issuerId, bytes32 kid) private view returns (Key storage key) {
        key = _keys[issuerId][kid];
        if (key.state == KeyState.None) revert UnknownKey(issuerId, kid);
        if (key.state == KeyState.Compromised) revert KeyIsCompromised(issuerId, kid);
    }

    /// @dev Bound to chain, registry and issuer, so that a proof cannot be used a second time elsewhere.
    function _possessionDigest(
        uint64 issuerId,
        bytes32 kid,
        uint64 validFrom,
        uint64 validUntil
    ) private view returns (bytes32) {
        return
            sha256(
                // solhint-disable-next-line func-named-parameters
                abi.encode(
                    "pratique/key-possession/1",
                    block.chainid,
                    address(this),
                    uint256(issuerId),
                    kid,
                    validFrom,
                    validUntil
                )
            );
    }

    function _leftPadded(bytes calldata coordinate) private pure returns (bytes32) {
        uint256 length = coordinate.length;
        if (length == 0 || length > 32) revert InvalidCoordinate();
        return bytes32(coordinate) >> (8 * (32 - length));
    }
}
