// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {RegistryLayout} from "../../../contracts/RegistryLayout.sol";
import {Dice} from "../Dice.sol";
import {IRegistry, RegistryFixture} from "../RegistryFixture.sol";
import {RegistryLens} from "../../../contracts/RegistryLens.sol";
import {ICheatcodes, VM} from "../Cheatcodes.sol";
import {LogProjection} from "./LogProjection.sol";
import {Wallet} from "./Wallet.sol";

/// @title The world of one registry
/// @notice Its accounts, and one way to call it: as predicted, in the predicted words of storage, with the predicted log.
abstract contract World is RegistryFixture, LogProjection {
    uint256 private constant ACTORS = 8;

    /// @dev Anybody may come to hold any role. The last is a contract.
    address[] internal actors;
    mapping(address actor => uint256 secret) internal secrets;

    /// @notice How often each function of the handler was carried out, and how often refused.
    mapping(bytes4 write => uint256) public carriedOut;
    mapping(bytes4 write => uint256) public refused;

    constructor() {
        for (uint256 i = 0; i < ACTORS; ++i) {
            uint256 secret = uint256(keccak256(abi.encode("actor", i)));
            address actor = i == ACTORS - 1 ? address(new Wallet(VM.addr(secret))) : VM.addr(secret);
            actors.push(actor);
            secrets[actor] = secret;
        }
        VM.warp(START);
        registry = IRegistry(_deployed("IssuerRegistry", abi.encode(DELAY, actors[0])));
        lens = RegistryLens(registry.lens());
        logHead = keccak256(abi.encode("pratique/log/1", block.chainid, address(registry)));
    }

    /// @dev A write that leaves the log as it is.
    function _perform(
        address actor,
        bytes memory call,
        bool allowed,
        bytes32[] memory slots
    ) internal returns (bool done) {
        ICheatcodes.Log[] memory logs;
        (done, logs) = _call(actor, call, allowed, slots);
        VM.assertEq(logs.length, 0, "no log event");
    }

    /// @dev A write that appends one log event. `topics` are all but the number, packed.
    function _performLogged(
        address actor,
        bytes memory call,
        bool allowed,
        bytes32[] memory slots,
        bytes memory topics,
        bytes memory data
    ) internal returns (bool done) {
        ICheatcodes.Log[] memory logs;
        (done, logs) = _call(actor, call, allowed, slots);
        VM.assertEq(logs.length, done ? 1 : 0, "log events");
        if (done) _checkLog(logs[0], topics, data);
    }

    function _checkLog(ICheatcodes.Log memory log, bytes memory topics, bytes memory data) internal pure {
        bytes memory found = abi.encodePacked(log.topics[0], log.topics[2]);
        if (log.topics.length > 3) found = abi.encodePacked(found, log.topics[3]);
        VM.assertEq(found, topics, "topics");
        VM.assertEq(log.data, data, "data");
    }

    /// @dev Any write: done exactly if allowed, in no other words than `slots` and those of the log, and the head moved
    /// over each log event.
    function _call(
        address actor,
        bytes memory call,
        bool allowed,
        bytes32[] memory slots
    ) internal returns (bool done, ICheatcodes.Log[] memory logs) {
        VM.recordLogs();
        VM.record();
        VM.prank(actor);
        bytes memory answer;
        (done, answer) = address(registry).call(call);
        (, bytes32[] memory writes) = VM.accesses(address(registry));
        ICheatcodes.Log[] memory all = VM.getRecordedLogs();

        if (done != allowed)
            VM.assertEq(done, allowed, string.concat("allowed ", VM.toString(abi.encodePacked(bytes4(call)))));
        if (done) {
            ++carriedOut[msg.sig];
            logs = _takeIn(all);
            _checkWrites(writes, slots, logs.length > 0);
        } else {
            ++refused[msg.sig];
            // 0x4e487b71 is a Panic, 0x08c379a0 a text.
            bytes4 refusal = bytes4(answer);
            VM.assertTrue(answer.length >= 4 && refusal != 0x4e487b71 && refusal != 0x08c379a0, "a named refusal");
        }
        (bytes32 head, uint64 size) = registry.logHead();
        VM.assertEq(head, logHead, "head over every log event");
        VM.assertEq(size, logSize, "size");
    }

    /// @dev The log events among the logs, each of which the projection replays.
    function _takeIn(ICheatcodes.Log[] memory all) private returns (ICheatcodes.Log[] memory logs) {
        logs = new ICheatcodes.Log[](all.length);
        uint256 count = 0;
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].emitter != address(registry) || _topicCount(all[i].topics[0]) == 0) continue;
            _replay(all[i]);
            logs[count++] = all[i];
        }
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(logs, count)
        }
    }

    function _checkWrites(bytes32[] memory writes, bytes32[] memory slots, bool logged) private pure {
        for (uint256 i = 0; i < writes.length; ++i) {
            if (logged && (writes[i] == RegistryLayout.HEAD || writes[i] == RegistryLayout.COUNTS)) continue;
            uint256 j = 0;
            while (j < slots.length && slots[j] != writes[i]) ++j;
            VM.assertTrue(j < slots.length, "wrote a word that is not its own");
        }
    }

    /// @dev Mostly the one who may, if there is one.
    function _who(Dice memory dice, address rightful) internal view returns (address) {
        return rightful == address(0) || dice.once(5) ? _anybody(dice) : rightful;
    }

    function _anybody(Dice memory dice) internal view returns (address) {
        return actors[dice.roll(actors.length)];
    }

    function _now() internal view returns (uint64) {
        return uint64(block.timestamp);
    }

    /// @dev A name; once in a while one that the registry refuses.
    function _someName(Dice memory dice) internal pure returns (string memory name, bool good) {
        if (dice.once(10)) return (dice.once(2) ? "" : "a\nname", false);
        return (string(dice.text(unicode"abc é", 1 + dice.roll(40))), true);
    }

    /// @dev A place or none; once in a while one that the registry refuses.
    function _someUrl(Dice memory dice) internal pure returns (string memory url, bool good) {
        if (dice.once(10)) return ("http://place.example", false);
        return (dice.once(3) ? "" : "https://place.example/status", true);
    }

    function _slots() internal pure returns (bytes32[] memory slots) {}

    function _slots(bytes32 a) internal pure returns (bytes32[] memory slots) {
        slots = new bytes32[](1);
        slots[0] = a;
    }

    function _slots(bytes32 a, bytes32 b) internal pure returns (bytes32[] memory slots) {
        slots = new bytes32[](2);
        (slots[0], slots[1]) = (a, b);
    }

    function _slots(bytes32 a, bytes32 b, bytes32 c) internal pure returns (bytes32[] memory slots) {
        slots = new bytes32[](3);
        (slots[0], slots[1], slots[2]) = (a, b, c);
    }

    function _slots(bytes32 a, bytes32 b, bytes32 c, bytes32 d) internal pure returns (bytes32[] memory slots) {
        slots = new bytes32[](4);
        (slots[0], slots[1], slots[2], slots[3]) = (a, b, c, d);
    }
}
