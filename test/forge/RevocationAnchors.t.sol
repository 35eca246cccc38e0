// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "../../contracts/IIssuerRegistry.sol";
import {RegistryLayout} from "../../contracts/RegistryLayout.sol";
import {Dice} from "./Dice.sol";
import {RegistryFixture} from "./RegistryFixture.sol";
import {VM} from "./Cheatcodes.sol";

/// @title Revocation anchors
/// @notice Which anchors follow which, and that each is held as it was given.
contract RevocationAnchorsTest is RegistryFixture {
    uint64 private _issuerId;

    function setUp() public override {
        super.setUp();
        _openJurisdiction(NEW_YORK);
        _issuerId = _registerIssuer(CONTROLLER);
    }

    /// @notice The first anchor of a list: taken exactly within its bounds, and held in two words as published.
    function testFuzz_anchorIsHeldAsGiven(IIssuerRegistry.NewAnchor memory terms, uint64 time) public {
        terms.issuerId = _issuerId;
        // Numbers of 64 bits are hardly ever within the bounds.
        if (time % 4 != 0) {
            terms.counter = 1 + (terms.counter % MAX_EXACT);
            terms.length %= MAX_EXACT + 2;
            terms.revoked %= terms.length + 2;
        }
        time = START + (time % 1e10);
        VM.warp(time);
        if (!_anchor(terms)) return;
        bytes32 slot = RegistryLayout.anchor(_issuerId, terms.list);
        bytes memory words = bytes.concat(
            VM.load(address(registry), slot),
            VM.load(address(registry), bytes32(uint256(slot) + 1))
        );
        VM.assertEq(
            words,
            abi.encodePacked(terms.root, terms.isFinal, uint56(time), terms.revoked, terms.length, terms.counter),
            "words"
        );
        _checkLens(terms, time);
    }

    /// @notice Anchors of several lists one after another: counters rise strictly, final is final, lists are apart.
    function testFuzz_countersOfEachListRiseStrictlyUntilItIsFinal(uint256 seed) public {
        Dice memory dice = Dice(seed);
        IIssuerRegistry.NewAnchor[3] memory last;
        uint64[3] memory times;
        for (uint256 step = 0; step < 12; ++step) {
            uint256 list = dice.roll(3);
            IIssuerRegistry.NewAnchor memory terms = _someAnchor(dice, list, last[list].counter);
            VM.warp(START + step);
            bool follows = !last[list].isFinal && terms.counter > last[list].counter;
            bool renews = dice.once(4);
            if (renews) {
                VM.prank(ACCREDITOR);
                (bool done, ) = address(registry).call(
                    abi.encodeCall(IIssuerRegistry.renewAnchor, (_issuerId, terms.list))
                );
                VM.assertEq(done, last[list].counter != 0 && !last[list].isFinal, "renewed");
                if (done) times[list] = START + uint64(step);
            } else if (follows ? _anchor(terms) : _refused(terms)) {
                last[list] = terms;
                times[list] = START + uint64(step);
            }
            for (uint256 i = 0; i < 3; ++i) if (last[i].counter != 0) _checkLens(last[i], times[i]);
        }
    }

    /// @dev Anchors, and says whether it was done, which must be exactly if the terms are within their bounds.
    function _anchor(IIssuerRegistry.NewAnchor memory terms) private returns (bool done) {
        bool good = terms.root != 0 && terms.revoked <= terms.length;
        good = good && terms.length <= MAX_EXACT && terms.counter <= MAX_EXACT;
        bytes memory answer;
        (done, answer) = _send(terms);
        VM.assertEq(done, good && terms.counter > 0, "accepted");
        if (done) return true;
        bytes4 refusal =
            terms.counter == 0 ? IIssuerRegistry.CounterNotRising.selector : IIssuerRegistry.InvalidAnchor.selector;
        VM.assertEq(_selector(answer), bytes32(refusal), "refusal");
    }

    function _refused(IIssuerRegistry.NewAnchor memory terms) private returns (bool) {
        (bool done, bytes memory answer) = _send(terms);
        VM.assertEq(done, false, "accepted");
        bytes32 refusal = _selector(answer);
        bool named = refusal == bytes32(IIssuerRegistry.CounterNotRising.selector);
        VM.assertTrue(named || refusal == bytes32(IIssuerRegistry.AnchorIsFinal.selector), "refusal");
        return false;
    }

    function _send(IIssuerRegistry.NewAnchor memory terms) private returns (bool done, bytes memory answer) {
        VM.prank(CONTROLLER);
        return address(registry).call(abi.encodeCall(IIssuerRegistry.anchor, (terms)));
    }

    function _checkLens(IIssuerRegistry.NewAnchor memory terms, uint64 time) private view {
        IIssuerRegistry.AnchorRef[] memory refs = new IIssuerRegistry.AnchorRef[](1);
        refs[0] = IIssuerRegistry.AnchorRef(_issuerId, terms.list);
        (bytes32 head, uint64 size, IIssuerRegistry.Anchor[] memory anchors) = lens.anchorsOf(refs);
        IIssuerRegistry.Anchor memory expected = IIssuerRegistry.Anchor({
            root: terms.root,
            counter: terms.counter,
            length: terms.length,
            revoked: terms.revoked,
            time: uint56(time),
            isFinal: terms.isFinal
        });
        VM.assertEq(abi.encode(anchors[0]), abi.encode(expected), "anchor");
        (bytes32 now_, uint64 size_) = registry.logHead();
        VM.assertEq(abi.encode(head, size), abi.encode(now_, size_), "head of the same block");
    }

    function _someAnchor(
        Dice memory dice,
        uint256 list,
        uint64 counter
    ) private view returns (IIssuerRegistry.NewAnchor memory terms) {
        terms.issuerId = _issuerId;
        terms.list = keccak256(abi.encode(list));
        terms.root = dice.once(12) ? bytes32(0) : bytes32(dice.state);
        terms.counter = dice.once(12) ? MAX_EXACT - 1 + uint64(dice.roll(3)) : counter + uint64(dice.roll(4));
        if (dice.once(8)) terms.counter = uint64(dice.roll(uint256(counter) + 1));
        terms.length = dice.once(8) ? MAX_EXACT - 1 + uint64(dice.roll(3)) : uint64(dice.roll(1000));
        terms.revoked = uint64(dice.roll(uint256(terms.length) + 1)) + (dice.once(12) ? 1 : 0);
        terms.isFinal = dice.once(12);
    }
}
