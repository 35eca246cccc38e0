// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "../../../contracts/IIssuerRegistry.sol";
import {RegistryLayout} from "../../../contracts/RegistryLayout.sol";
import {Dice} from "../Dice.sol";
import {Thumbprint} from "../Thumbprint.sol";
import {TypedData} from "../TypedData.sol";
import {ICheatcodes, VM} from "../Cheatcodes.sol";
import {InstructionModel} from "./InstructionModel.sol";

/// @title Keys
/// @notice Who may add, retire, report and burn them, with real keys and signatures.
abstract contract KeyModel is InstructionModel {
    struct SigningKey {
        uint256 secret;
        bytes32 x;
        bytes32 y;
        bytes32[] kids;
    }

    /// @dev By the account itself, or relayed for it.
    struct Registration {
        address sender;
        address actor;
        bytes call;
        IIssuerRegistry.NewKey key;
        bytes32 kid;
        bool good;
        bytes32[] slots;
    }

    SigningKey[] internal signingKeys;
    mapping(bytes32 kid => uint256 index) internal keyOfKid;
    mapping(uint64 issuerId => mapping(bytes32 kid => bool)) internal everCompromised;

    constructor() {
        // The first three have leading zero bytes: of y, of x, of each.
        uint16[10] memory secrets_ = [43, 379, 49_350, 7, 8, 9, 10, 11, 12, 13];
        for (uint256 i = 0; i < secrets_.length; ++i) {
            (bytes32 x, bytes32 y) = _point(secrets_[i]);
            bytes32[] memory kids = Thumbprint.all(x, y);
            signingKeys.push(SigningKey(secrets_[i], x, y, kids));
            for (uint256 j = 0; j < kids.length; ++j) keyOfKid[kids[j]] = i;
        }
    }

    function registerKey(uint256 seed) external {
        Dice memory dice = _dice(seed);
        Registration memory made = _someRegistration(dice);
        made.sender = made.actor;
        made.call = abi.encodeCall(IIssuerRegistry.registerKey, (made.key));
        made.slots = _slots(RegistryLayout.key(made.key.issuerId, made.kid));
        _register(made);
    }

    function registerKeyBySignature(uint256 seed) external {
        Dice memory dice = _dice(seed);
        Registration memory made = _someRegistration(dice);
        IIssuerRegistry.Instruction memory instruction = _someInstruction(dice, made.actor);
        bool signed = _sign(dice, instruction, TypedData.registerKey(made.key, instruction));
        (made.sender, made.good) = (_anybody(dice), made.good && signed);
        made.call = abi.encodeCall(IIssuerRegistry.registerKeyBySignature, (made.key, instruction));
        made.slots = _slots(RegistryLayout.key(made.key.issuerId, made.kid), _nonceSlot(made.actor));
        if (_register(made)) ++nonces[made.actor];
    }

    function listKeys(uint256 seed) external {
        Dice memory dice = _dice(seed);
        IIssuerRegistry.ListedKey[] memory batch = new IIssuerRegistry.ListedKey[](dice.roll(3));
        address actor = _anybody(dice);
        bytes32[] memory slots = new bytes32[](batch.length);
        bool allowed = true;
        for (uint256 i = 0; i < batch.length; ++i) {
            (bytes32 kid, bool good) = _listed(dice, batch[i]);
            IIssuerRegistry.Issuer memory issuer = issuers[batch[i].issuerId];
            if (i == 0) actor = _who(dice, jurisdictions[issuer.jurisdiction].accreditor);
            slots[i] = RegistryLayout.key(batch[i].issuerId, kid);
            good = good && _isNew(batch[i].issuerId, kid) && (i == 0 || slots[0] != slots[1]);
            good = good && issuer.controller == address(0) && _mayGetKeys(issuer);
            allowed = allowed && good && _accredits(actor, issuer.jurisdiction);
        }
        bytes memory call = abi.encodeCall(IIssuerRegistry.listKeys, (batch));
        (bool done, ICheatcodes.Log[] memory logs) = _call(actor, call, allowed, slots);
        if (!done) return;
        VM.assertEq(logs.length, batch.length, "an event for each");
        for (uint256 i = 0; i < batch.length; ++i) {
            IIssuerRegistry.ListedKey memory key = batch[i];
            bytes memory data = abi.encode(actor, _now(), key.x, key.y, key.validUntil, key.revocation);
            VM.assertEq(logs[i].data, data, "data");
            VM.assertEq(RegistryLayout.key(key.issuerId, logs[i].topics[3]), slots[i], "issuer and kid");
        }
    }

    function setKeyRevocation(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (uint64 issuerId, bytes32 kid) = _key(dice);
        address controller = _controller(issuers[issuerId]);
        address actor = _who(dice, controller);
        IIssuerRegistry.RevocationMethod from = keys[issuerId][kid].revocation;
        IIssuerRegistry.RevocationMethod to = IIssuerRegistry.RevocationMethod(dice.roll(3));
        bool begins = from == IIssuerRegistry.RevocationMethod.None && to != IIssuerRegistry.RevocationMethod.None;
        _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.setKeyRevocation, (issuerId, kid, to)),
            begins && _isLiving(issuerId, kid) && actor == controller,
            _slots(RegistryLayout.key(issuerId, kid)),
            abi.encodePacked(IIssuerRegistry.KeyRevocationChanged.selector, uint256(issuerId), kid),
            abi.encode(actor, _now(), to)
        );
    }

    function retireKey(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (uint64 issuerId, bytes32 kid) = _key(dice);
        address controller = _controller(issuers[issuerId]);
        address actor = _who(dice, controller);
        IIssuerRegistry.Key memory key = keys[issuerId][kid];
        uint64 end = key.validUntil == 0 || key.validUntil > _now() ? _now() : key.validUntil;
        _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.retireKey, (issuerId, kid)),
            key.state == IIssuerRegistry.KeyState.Active && actor == controller,
            _slots(RegistryLayout.key(issuerId, kid)),
            abi.encodePacked(IIssuerRegistry.KeyRetired.selector, uint256(issuerId), kid),
            abi.encode(actor, _now(), end)
        );
    }

    function compromiseKey(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (uint64 issuerId, bytes32 kid) = _key(dice);
        IIssuerRegistry.Issuer memory issuer = issuers[issuerId];
        address accreditor = jurisdictions[issuer.jurisdiction].accreditor;
        address actor = _who(dice, dice.once(2) ? accreditor : issuer.controller);
        // One in three, or soon none would be left.
        if (!dice.once(3)) actor = _anybody(dice);
        bool done = _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.compromiseKey, (issuerId, kid)),
            _isLiving(issuerId, kid) && (actor == issuer.controller || actor == accreditor),
            _slots(RegistryLayout.key(issuerId, kid)),
            abi.encodePacked(IIssuerRegistry.KeyCompromised.selector, uint256(issuerId), kid),
            abi.encode(actor, _now())
        );
        if (done) everCompromised[issuerId][kid] = true;
    }

    function burnKey(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (uint64 issuerId, bytes32 kid) = _key(dice);
        SigningKey memory key = signingKeys[dice.once(4) ? dice.roll(signingKeys.length) : keyOfKid[kid]];
        (bytes32 r, bytes32 s, bool good) = _someBurn(dice, key);
        good = good && _hasOneOf(issuerId, key.kids) && !burned[key.kids[0]];
        address actor = _anybody(dice);
        bytes32[] memory slots = new bytes32[](key.kids.length);
        for (uint256 i = 0; i < slots.length; ++i) slots[i] = RegistryLayout.burned(key.kids[i]);
        _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.burnKey, (issuerId, key.x, key.y, r, s)),
            good,
            slots,
            abi.encodePacked(IIssuerRegistry.KeyBurned.selector, key.kids[0]),
            abi.encode(actor, _now(), key.x, key.y)
        );
    }

    function _register(Registration memory made) private returns (bool) {
        IIssuerRegistry.NewKey memory key = made.key;
        IIssuerRegistry.Issuer memory issuer = issuers[key.issuerId];
        bool allowed = made.good && made.actor == issuer.controller && _isNew(key.issuerId, made.kid);
        return
            _performLogged(
                made.sender,
                made.call,
                allowed && _mayGetKeys(issuer) && !jurisdictions[issuer.jurisdiction].suspended,
                made.slots,
                abi.encodePacked(IIssuerRegistry.KeyRegistered.selector, uint256(key.issuerId), made.kid),
                abi.encode(made.actor, _now(), key.x, key.y, key.validFrom, key.validUntil, key.revocation)
            );
    }

    /// @dev One in three by the key itself, or soon none would be left.
    function _someBurn(Dice memory dice, SigningKey memory key) private view returns (bytes32 r, bytes32 s, bool good) {
        uint256 secret = dice.once(3) ? key.secret : signingKeys[dice.roll(signingKeys.length)].secret;
        address place = dice.once(8) ? address(lens) : address(registry);
        good = secret == key.secret && place == address(registry);
        (r, s) = _es256(secret, abi.encode("pratique/key-burn/1", block.chainid, place, key.x, key.y));
    }

    function _hasOneOf(uint64 issuerId, bytes32[] memory kids) private view returns (bool) {
        for (uint256 i = 0; i < kids.length; ++i) {
            if (keys[issuerId][kids[i]].state != IIssuerRegistry.KeyState.None) return true;
        }
        return false;
    }

    function _isNew(uint64 issuerId, bytes32 kid) private view returns (bool) {
        return keys[issuerId][kid].state == IIssuerRegistry.KeyState.None && !burned[kid];
    }

    function _isLiving(uint64 issuerId, bytes32 kid) private view returns (bool) {
        IIssuerRegistry.KeyState state = keys[issuerId][kid].state;
        return state == IIssuerRegistry.KeyState.Active || state == IIssuerRegistry.KeyState.Retired;
    }

    function _mayGetKeys(IIssuerRegistry.Issuer memory issuer) private pure returns (bool) {
        return
            !issuer.held &&
            (issuer.status == IIssuerRegistry.IssuerStatus.Pending ||
                issuer.status == IIssuerRegistry.IssuerStatus.Active);
    }

    /// @dev A key of somebody, mostly one that there is.
    function _key(Dice memory dice) private view returns (uint64 issuerId, bytes32 kid) {
        if (keyRefs.length != 0 && !dice.once(6)) {
            KeyRef memory found = keyRefs[dice.roll(keyRefs.length)];
            return (found.issuerId, found.kid);
        }
        (issuerId, ) = _issuer(dice);
        kid = signingKeys[dice.roll(signingKeys.length)].kids[0];
    }

    /// @dev A key with its proof, both once in a while not as they ought to be.
    function _someRegistration(Dice memory dice) private view returns (Registration memory made) {
        SigningKey memory pair = signingKeys[dice.roll(signingKeys.length)];
        IIssuerRegistry.NewKey memory key = made.key;
        (key.issuerId, ) = _issuer(dice);
        // Mostly of one that has a controller.
        for (uint256 i = 0; i < 2 && issuers[key.issuerId].controller == address(0); ++i) {
            (key.issuerId, ) = _issuer(dice);
        }
        (key.x, key.y, made.kid) = (pair.x, pair.y, pair.kids[0]);
        (key.validFrom, key.validUntil, made.good) = _someWindow(dice);
        if (key.validUntil == 0 && !dice.once(8)) key.validUntil = _now() + 100 days;
        key.revocation = IIssuerRegistry.RevocationMethod(dice.roll(3));

        uint256 fault = dice.roll(24);
        bytes memory message = _possession(key, fault == 0 ? ~made.kid : made.kid);
        (key.r, key.s) = _es256(fault == 1 ? pair.secret + 1 : pair.secret, message);
        if (fault == 2) key.s = bytes32(P256_ORDER - uint256(key.s));
        if (fault == 3) key.x = ~key.x;
        made.good = made.good && key.validUntil != 0 && fault > 3;
        made.actor = _who(dice, issuers[key.issuerId].controller);
    }

    /// @dev Fills in a listed key, its coordinates as somebody publishes them. Answers its kid.
    function _listed(
        Dice memory dice,
        IIssuerRegistry.ListedKey memory key
    ) private view returns (bytes32 kid, bool good) {
        SigningKey memory pair = signingKeys[dice.roll(signingKeys.length)];
        (key.issuerId, ) = _issuer(dice);
        (key.x, key.y) = (bytes.concat(pair.x), bytes.concat(pair.y));
        if (pair.x[0] == 0 && dice.once(2)) key.x = Thumbprint.tail(pair.x, 1);
        if (pair.y[0] == 0 && dice.once(2)) key.y = Thumbprint.tail(pair.y, 1);
        uint256 fault = dice.roll(24);
        if (fault == 0) key.x = bytes.concat(bytes1(0), key.x);
        if (fault == 1) key.y = "";
        if (fault == 2) key.x[0] ^= 0x01;
        key.validUntil = dice.once(2) ? 0 : _now() + uint64(dice.roll(60 days));
        if (fault == 3) key.validUntil = MAX_TIME + 1;
        key.revocation = IIssuerRegistry.RevocationMethod(dice.roll(3));
        // A zero before a coordinate that was cut is the coordinate again.
        good = fault > 3 || (fault == 0 && key.x.length == 32);
        kid = Thumbprint.kidOf(key.x, key.y);
    }
}
