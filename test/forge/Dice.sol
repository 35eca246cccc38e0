// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Numbers that follow from one number of the fuzzer.
struct Dice {
    uint256 state;
}

using DiceThrows for Dice global;

/// @title Throws of dice
/// @notice Random texts that are nearly what a grammar asks for: of bytes drawn blindly none would ever pass.
library DiceThrows {
    /// @dev Odd, and one more than a multiple of four.
    uint256 private constant MULTIPLIER = 0x9e3779b97f4a7c15f39cc0605cedc8341082276bf3a27251f86c6a11d0c18e95;

    /// @dev On both sides of every bound that a set of characters has here.
    bytes private constant NOTABLE = hex"001f20222325262a2b2c2d2e2f303a393b3f40415a5b5c5e5f60617a7b7e7f80bbbfc3efff";

    /// @notice A number below `sides`.
    /// @dev A linear congruential generator, of which the high bits are used: hashing would cost more than what is tested.
    function roll(Dice memory dice, uint256 sides) internal pure returns (uint256) {
        unchecked {
            dice.state = dice.state * MULTIPLIER + 1;
        }
        return (dice.state >> 128) % sides;
    }

    /// @notice True once in so many times.
    function once(Dice memory dice, uint256 times) internal pure returns (bool) {
        return roll(dice, times) == 0;
    }

    /// @notice So many characters of a set.
    function text(Dice memory dice, bytes memory characters, uint256 length) internal pure returns (bytes memory made) {
        made = new bytes(length);
        for (uint256 i = 0; i < length; ++i) made[i] = characters[roll(dice, characters.length)];
    }

    /// @notice One byte exchanged, added or taken out.
    function spoiled(Dice memory dice, bytes memory whole) internal pure returns (bytes memory) {
        uint256 place = roll(dice, whole.length + 1);
        bytes memory other = once(dice, 3) ? bytes.concat(bytes1(uint8(roll(dice, 256)))) : text(dice, NOTABLE, 1);
        uint256 way = roll(dice, 3);
        bytes memory head = _slice(whole, 0, place);
        if (way == 0) return bytes.concat(head, other, _slice(whole, place, whole.length));
        bytes memory rest = _slice(whole, place + 1, whole.length);
        return way == 1 ? bytes.concat(head, other, rest) : bytes.concat(head, rest);
    }

    function _slice(bytes memory whole, uint256 start, uint256 end) private pure returns (bytes memory part) {
        part = new bytes(end > start ? end - start : 0);
        for (uint256 i = 0; i < part.length; ++i) part[i] = whole[start + i];
    }
}
