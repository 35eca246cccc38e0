// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "../../contracts/IIssuerRegistry.sol";
import {Dice} from "./Dice.sol";
import {RegistryFixture} from "./RegistryFixture.sol";
import {Thumbprint} from "./Thumbprint.sol";
import {VM} from "./Cheatcodes.sol";

/// @title Windows of time
/// @notice Which windows of accreditations and keys the registry takes, and that `isTrusted` judges by both.
contract WindowsTest is RegistryFixture {
    uint256 private constant SECRET = 5;

    uint64 private _listed;
    uint64 private _controlled;
    bytes32 private _x;
    bytes32 private _y;
    bytes32 private _kid;

    function setUp() public override {
        super.setUp();
        _openJurisdiction(NEW_YORK);
        _listed = _registerIssuer(address(0));
        IIssuerRegistry.NewIssuer memory issuer = _newIssuer(CONTROLLER);
        issuer.iss = "https://controlled.example";
        VM.prank(ACCREDITOR);
        _controlled = registry.registerIssuer(issuer);
        (_x, _y) = _point(SECRET);
        _kid = Thumbprint.kidOf(bytes.concat(_x), bytes.concat(_y));
    }

    /// @notice Of a new issuer and of one stated anew; no end is 0.
    function testFuzz_accreditationIsTakenExactlyIfItEndsAfterItBeginsBelowMilliseconds(uint256 seed) public {
        Dice memory dice = Dice(seed);
        (uint64 from, uint64 until) = (_time(dice), _time(dice));
        IIssuerRegistry.NewIssuer memory issuer = _newIssuer(address(0));
        (issuer.iss, issuer.accreditedFrom, issuer.accreditedUntil) = ("https://other.example", from, until);
        bool good = _isWindow(from, until);
        _checkWindow(ACCREDITOR, abi.encodeCall(IIssuerRegistry.registerIssuer, (issuer)), good, from, until);
        _checkWindow(
            ACCREDITOR,
            abi.encodeCall(IIssuerRegistry.updateIssuer, (_listed, from, until, 0, "A name")),
            good,
            from,
            until
        );
        if (!good) return;
        IIssuerRegistry.Issuer memory held = lens.issuerOf(_listed);
        VM.assertEq(abi.encode(held.accreditedFrom, held.accreditedUntil), abi.encode(from, until), "window held");
    }

    /// @notice A registered key always ends; a listed one begins at 0 and may have no end.
    function testFuzz_windowOfAKeyIsTakenExactlyIfItEndsAfterItBeginsBelowMilliseconds(uint256 seed) public {
        Dice memory dice = Dice(seed);
        (uint64 from, uint64 until) = (_time(dice), _time(dice));
        IIssuerRegistry.NewKey memory key = _newKey(from, until);
        bool good = _isWindow(from, until) && until != 0;
        _checkWindow(CONTROLLER, abi.encodeCall(IIssuerRegistry.registerKey, (key)), good, from, until);
        if (good) _checkKey(_controlled, from, until, false);

        bool listable = _isWindow(0, until);
        bytes memory call = abi.encodeCall(IIssuerRegistry.listKeys, (_listedKey(until)));
        _checkWindow(ACCREDITOR, call, listable, 0, until);
        if (listable) _checkKey(_listed, 0, until, true);
    }

    /// @notice A retired key ends now or before, whatever its window was.
    function testFuzz_retirementOnlyShortensTheWindowOfAKey(uint64 from, uint64 until, uint64 time) public {
        from = from % MAX_TIME;
        until = from + 1 + (until % (MAX_TIME - from));
        time = START + (time % (3 * 365 days));
        _registerKey(from, until);
        VM.warp(time);
        VM.prank(CONTROLLER);
        registry.retireKey(_controlled, _kid);
        VM.assertEq(lens.keyOf(_controlled, _kid).validUntil, until < time ? until : time, "end");
        VM.assertEq(lens.keyOf(_controlled, _kid).validFrom, from, "beginning");
    }

    /// @notice A retired issuer's accreditation ends now or before, whatever it was.
    function testFuzz_retirementOnlyShortensAnAccreditation(uint64 from, uint64 until, uint64 time) public {
        from = from % MAX_TIME;
        until = until % 4 == 0 ? 0 : from + 1 + (until % (MAX_TIME - from));
        time = START + (time % (3 * 365 days));
        VM.prank(ACCREDITOR);
        registry.updateIssuer(_listed, from, until, 0, "A name");
        VM.warp(time);
        VM.prank(ACCREDITOR);
        registry.setIssuerStatus(_listed, IIssuerRegistry.IssuerStatus.Retired, 0);
        VM.assertEq(lens.issuerOf(_listed).accreditedUntil, until == 0 || time < until ? time : until, "end");
        VM.assertEq(lens.issuerOf(_listed).accreditedFrom, from, "beginning");
    }

    /// @notice A card is judged by its `nbf`, against the accreditation and the key's window.
    function testFuzz_cardIsTrustedExactlyIfIssuedWithinBothWindows(uint256 seed) public {
        Dice memory dice = Dice(seed);
        (uint64 from, uint64 until) = _window(dice);
        (uint64 validFrom, uint64 validUntil) = _window(dice);
        if (validUntil == 0) validUntil = validFrom + 1 + uint64(dice.roll(100));
        _registerKey(validFrom, validUntil);
        VM.prank(ACCREDITOR);
        registry.updateIssuer(_controlled, from, until, 0, "A name");

        uint64 nbf = START - 5 + uint64(dice.roll(110));
        bool accredited = nbf >= from && (until == 0 || nbf < until);
        VM.assertEq(
            lens.isTrusted("https://controlled.example", _kid, nbf),
            accredited && nbf >= validFrom && nbf < validUntil,
            "trusted"
        );
    }

    function _checkWindow(address actor, bytes memory call, bool good, uint64 from, uint64 until) private {
        VM.prank(actor);
        (bool done, bytes memory answer) = address(registry).call(call);
        VM.assertEq(done, good, "accepted");
        bytes memory refusal = abi.encodeWithSelector(IIssuerRegistry.InvalidWindow.selector, from, until);
        if (!done) VM.assertEq(answer, refusal, "refusal");
    }

    function _checkKey(uint64 issuerId, uint64 from, uint64 until, bool listed) private view {
        IIssuerRegistry.Key memory key = lens.keyOf(issuerId, _kid);
        bytes memory expected = abi.encode(
            from,
            until,
            IIssuerRegistry.KeyState.Active,
            IIssuerRegistry.RevocationMethod.Bits,
            listed
        );
        VM.assertEq(abi.encode(key), expected, "key held");
    }

    function _registerKey(uint64 from, uint64 until) private {
        IIssuerRegistry.NewKey memory key = _newKey(from, until);
        VM.prank(CONTROLLER);
        registry.registerKey(key);
    }

    function _newKey(uint64 from, uint64 until) private view returns (IIssuerRegistry.NewKey memory key) {
        (key.issuerId, key.x, key.y) = (_controlled, _x, _y);
        (key.validFrom, key.validUntil) = (from, until);
        key.revocation = IIssuerRegistry.RevocationMethod.Bits;
        (key.r, key.s) = _es256(SECRET, _possession(key, _kid));
    }

    function _listedKey(uint64 until) private view returns (IIssuerRegistry.ListedKey[] memory keys) {
        keys = new IIssuerRegistry.ListedKey[](1);
        (keys[0].issuerId, keys[0].x, keys[0].y) = (_listed, bytes.concat(_x), bytes.concat(_y));
        (keys[0].validUntil, keys[0].revocation) = (until, IIssuerRegistry.RevocationMethod.Bits);
    }

    function _isWindow(uint64 from, uint64 until) private pure returns (bool) {
        return from <= 100_000_000_000 && until <= 100_000_000_000 && (until == 0 || from < until);
    }

    function _time(Dice memory dice) private pure returns (uint64) {
        uint256 way = dice.roll(6);
        if (way == 0) return uint64(dice.roll(3));
        if (way == 1) return MAX_TIME - 1 + uint64(dice.roll(3));
        if (way == 2) return uint64(dice.roll(1 << 64));
        return START + uint64(dice.roll(4));
    }

    function _window(Dice memory dice) private pure returns (uint64 from, uint64 until) {
        from = START + uint64(dice.roll(50));
        until = dice.once(4) ? 0 : from + 1 + uint64(dice.roll(50));
    }
}
