// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SlotDerivation} from "@openzeppelin/contracts/utils/SlotDerivation.sol";
import {IIssuerRegistry} from "../../../contracts/IIssuerRegistry.sol";
import {RegistryLayout} from "../../../contracts/RegistryLayout.sol";
import {Dice} from "../Dice.sol";
import {VM} from "../Cheatcodes.sol";
import {World} from "./World.sol";

/// @title Governor, guardians and delays
/// @notice Who may do what about them, and when, in a model of its own.
abstract contract GovernanceModel is World {
    using SlotDerivation for bytes32;

    // Of OpenZeppelin's contract.
    bytes32 private constant ROLES = bytes32(uint256(2));
    bytes32 private constant PENDING_GOVERNOR_AND_DELAY = bytes32(uint256(3));
    bytes32 private constant GOVERNOR_AND_PENDING_DELAY = bytes32(uint256(4));
    bytes32 internal constant OTHER_ROLE = keccak256("OTHER_ROLE");

    address internal governor;
    address internal nextGovernor;
    uint48 internal nextGovernorAt;
    uint48 private _delayBefore = DELAY;
    uint48 private _nextDelay;
    uint48 private _nextDelayAt;
    mapping(bytes32 role => mapping(address account => bool)) internal holds;
    mapping(bytes32 role => mapping(address account => uint64 notBefore)) internal offers;

    // What the delay is for: how long anybody waited between being named from above and taking over.
    mapping(bytes32 what => uint64 time) private _namedAt;
    uint256 internal shortestWait = type(uint256).max;
    uint48 internal longestDelay = DELAY;
    bytes32 private _lastRole;
    address private _lastOffered;

    constructor() {
        governor = actors[0];
    }

    /// @notice Time goes by: mostly days, at times months.
    function warp(uint256 seed) external {
        Dice memory dice = _dice(seed);
        _goBy(1 + dice.roll(dice.once(10) ? 100 days : 3 days));
    }

    function grantRole(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (address actor, bytes32 role, address account) = (_who(dice, governor), _someRole(dice), _anybody(dice));
        bytes32[] memory slots = _slots(RegistryLayout.roleOffer(role, account));
        bool allowed = actor == governor && role != 0;
        if (!_perform(actor, abi.encodeCall(registry.grantRole, (role, account)), allowed, slots)) return;
        offers[role][account] = _afterDelay();
        (_lastRole, _lastOffered) = (role, account);
        _noteNamed(keccak256(abi.encode(role, account)));
    }

    function acceptRole(uint256 seed) external {
        Dice memory dice = _dice(seed);
        address actor = _who(dice, _lastOffered);
        bytes32 role = dice.once(4) ? _someRole(dice) : _lastRole;
        uint64 notBefore = offers[role][actor];
        bytes32[] memory slots = _slots(RegistryLayout.roleOffer(role, actor), _roleSlot(role, actor));
        bool allowed = notBefore != 0 && notBefore <= _now();
        if (!_perform(actor, abi.encodeCall(IIssuerRegistry.acceptRole, (role)), allowed, slots)) return;
        delete offers[role][actor];
        holds[role][actor] = true;
        _noteTaken(keccak256(abi.encode(role, actor)));
    }

    function revokeRole(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (address actor, bytes32 role, address account) = (_who(dice, governor), _someRole(dice), _anybody(dice));
        // Mostly what was offered last, which somebody may be about to accept.
        if (_lastOffered != address(0) && !dice.once(3)) (role, account) = (_lastRole, _lastOffered);
        bytes32[] memory slots = _slots(RegistryLayout.roleOffer(role, account), _roleSlot(role, account));
        bool allowed = actor == governor && role != 0;
        if (!_perform(actor, abi.encodeCall(registry.revokeRole, (role, account)), allowed, slots)) return;
        delete offers[role][account];
        holds[role][account] = false;
    }

    function renounceRole(uint256 seed) external {
        Dice memory dice = _dice(seed);
        (bytes32 role, address account) = (_someRole(dice), _anybody(dice));
        address actor = _who(dice, account);
        bytes32[] memory slots = _slots(_roleSlot(role, account));
        // The governor never goes without another taking over.
        bool allowed = actor == account && !(role == 0 && account == governor);
        if (!_perform(actor, abi.encodeCall(registry.renounceRole, (role, account)), allowed, slots)) return;
        holds[role][account] = false;
    }

    function changeDefaultAdminDelay(uint256 seed) external {
        Dice memory dice = _dice(seed);
        address actor = _who(dice, governor);
        uint48 current = _delay();
        uint48 next = current + uint48(dice.roll(4) * 1 hours);
        if (dice.once(3)) next = [current - 1, 0, 90 days + 1, current + 6 days, type(uint48).max][dice.roll(5)];
        bytes32[] memory slots = _slots(PENDING_GOVERNOR_AND_DELAY, GOVERNOR_AND_PENDING_DELAY);
        bool allowed = actor == governor && next >= current && next <= 90 days;
        if (!_perform(actor, abi.encodeCall(registry.changeDefaultAdminDelay, (next)), allowed, slots)) return;
        (_delayBefore, _nextDelay) = (current, next);
        uint48 wait =
            next == current
                ? 0
                : next < 5 days
                    ? next
                    : 5 days;
        _nextDelayAt = uint48(_now()) + wait;
    }

    function rollbackDefaultAdminDelay(uint256 seed) external {
        address actor = _who(_dice(seed), governor);
        bytes32[] memory slots = _slots(PENDING_GOVERNOR_AND_DELAY, GOVERNOR_AND_PENDING_DELAY);
        bytes memory call = abi.encodeCall(registry.rollbackDefaultAdminDelay, ());
        if (!_perform(actor, call, actor == governor, slots)) return;
        (_delayBefore, _nextDelay, _nextDelayAt) = (_delay(), 0, 0);
    }

    function beginDefaultAdminTransfer(uint256 seed) external {
        Dice memory dice = _dice(seed);
        address actor = _who(dice, governor);
        address next = dice.once(8) ? address(0) : _anybody(dice);
        bytes32[] memory slots = _slots(PENDING_GOVERNOR_AND_DELAY);
        bool allowed = actor == governor && next != address(0);
        if (!_perform(actor, abi.encodeCall(registry.beginDefaultAdminTransfer, (next)), allowed, slots)) return;
        (nextGovernor, nextGovernorAt) = (next, uint48(_afterDelay()));
        _noteNamed("governor");
    }

    function cancelDefaultAdminTransfer(uint256 seed) external {
        address actor = _who(_dice(seed), governor);
        bytes memory call = abi.encodeCall(registry.cancelDefaultAdminTransfer, ());
        if (!_perform(actor, call, actor == governor, _slots(PENDING_GOVERNOR_AND_DELAY))) return;
        (nextGovernor, nextGovernorAt) = (address(0), 0);
    }

    function acceptDefaultAdminTransfer(uint256 seed) external {
        address actor = _who(_dice(seed), nextGovernor);
        bytes32[] memory slots = _slots(
            PENDING_GOVERNOR_AND_DELAY,
            GOVERNOR_AND_PENDING_DELAY,
            _roleSlot(0, governor),
            _roleSlot(0, actor)
        );
        bool allowed = actor == nextGovernor && nextGovernorAt != 0 && nextGovernorAt < _now();
        bytes memory call = abi.encodeCall(registry.acceptDefaultAdminTransfer, ());
        if (!_perform(actor, call, allowed, slots)) return;
        (governor, nextGovernor, nextGovernorAt) = (actor, address(0), 0);
        _noteTaken("governor");
    }

    function announceSuccessor(uint256 seed) external {
        Dice memory dice = _dice(seed);
        address actor = _who(dice, governor);
        (uint256 chainId, address successor) = (dice.roll(100), dice.once(2) ? address(0) : _anybody(dice));
        _performLogged(
            actor,
            abi.encodeCall(IIssuerRegistry.announceSuccessor, (chainId, successor)),
            actor == governor,
            _slots(),
            abi.encodePacked(IIssuerRegistry.SuccessorAnnounced.selector, uint256(uint160(successor))),
            abi.encode(actor, _now(), chainId)
        );
    }

    /// @dev Before each write some hours may go by.
    function _dice(uint256 seed) internal returns (Dice memory dice) {
        dice = Dice(seed);
        if (dice.once(4)) _goBy(1 + dice.roll(12 hours));
    }

    function _goBy(uint256 time) private {
        VM.warp(block.timestamp + time);
        uint48 delay = registry.defaultAdminDelay();
        if (delay > longestDelay) longestDelay = delay;
    }

    function _delay() internal view returns (uint48) {
        return _nextDelayAt != 0 && _nextDelayAt < _now() ? _nextDelay : _delayBefore;
    }

    function _isGovernor(address account) internal view override returns (bool) {
        return account == governor;
    }

    function _afterDelay() internal view returns (uint64) {
        return _now() + _delay();
    }

    /// @dev Somebody was named from above, and so has to wait.
    function _noteNamed(bytes32 what) internal {
        _namedAt[what] = _now();
    }

    function _noteTaken(bytes32 what) internal {
        uint256 wait = _now() - _namedAt[what];
        if (wait < shortestWait) shortestWait = wait;
    }

    /// @dev Who may lift; or, one time in three, who may suspend: else nobody would be trusted for long.
    function _whoSuspends(Dice memory dice, bool suspended) internal view returns (address) {
        return suspended && !dice.once(3) ? _anybody(dice) : _who(dice, _guardianOrGovernor(dice));
    }

    function _guardianOrGovernor(Dice memory dice) private view returns (address) {
        for (uint256 i = dice.roll(2) * actors.length; i < actors.length; ++i) {
            if (holds[GUARDIAN][actors[i]]) return actors[i];
        }
        return governor;
    }

    function _maySuspend(address actor, bool suspended) internal view returns (bool) {
        return actor == governor || (suspended && holds[GUARDIAN][actor]);
    }

    /// @dev What `proposeAccreditor` and `proposeController` write down, unless the holder may not.
    function _proposed(
        IIssuerRegistry.Proposal storage proposal,
        address actor,
        address holder,
        address next
    ) internal view returns (IIssuerRegistry.Proposal memory made, bool allowed) {
        bool fromAbove = holder != address(0) && actor != holder;
        made = IIssuerRegistry.Proposal(next, fromAbove ? _afterDelay() : _now(), fromAbove && next != address(0));
        allowed = fromAbove || !proposal.fromAbove;
    }

    function _someRole(Dice memory dice) private pure returns (bytes32) {
        return
            dice.once(10)
                ? bytes32(0)
                : dice.once(8)
                    ? OTHER_ROLE
                    : GUARDIAN;
    }

    function _roleSlot(bytes32 role, address account) private pure returns (bytes32) {
        return ROLES.deriveMapping(role).deriveMapping(account);
    }
}
