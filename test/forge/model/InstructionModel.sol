// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SlotDerivation} from "@openzeppelin/contracts/utils/SlotDerivation.sol";
import {IIssuerRegistry} from "../../../contracts/IIssuerRegistry.sol";
import {Dice} from "../Dice.sol";
import {TypedData} from "../TypedData.sol";
import {VM} from "../Cheatcodes.sol";
import {IssuerControlModel} from "./IssuerControlModel.sol";

/// @title Signed instructions
/// @notice Mostly as they ought to be; else of the past, of another's, for another registry, or in another's turn.
abstract contract InstructionModel is IssuerControlModel {
    using SlotDerivation for bytes32;

    // Of OpenZeppelin's contract.
    bytes32 private constant NONCES = bytes32(uint256(24));

    mapping(address signer => uint256) internal nonces;

    function _someInstruction(
        Dice memory dice,
        address signer
    ) internal view returns (IIssuerRegistry.Instruction memory instruction) {
        uint256 next = nonces[signer];
        instruction.signer = signer;
        instruction.nonce = dice.once(12) ? dice.roll(next + 2) : next;
        instruction.deadline = dice.once(12) ? _now() - 1 : _now() + dice.roll(100);
    }

    /// @dev Signs an instruction, and says whether it holds.
    function _sign(
        Dice memory dice,
        IIssuerRegistry.Instruction memory instruction,
        bytes32 structHash
    ) internal view returns (bool) {
        uint256 fault = dice.roll(20);
        address place = fault == 0 ? address(lens) : address(registry);
        address by = fault == 1 ? _anybody(dice) : instruction.signer;
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(secrets[by], TypedData.digest(place, structHash));
        instruction.signature = abi.encodePacked(r, s, v);
        if (fault == 2) instruction.signature = abi.encodePacked(r, s);
        return
            place == address(registry) &&
            by == instruction.signer &&
            fault != 2 &&
            instruction.nonce == nonces[instruction.signer] &&
            instruction.deadline >= _now();
    }

    function _nonceSlot(address signer) internal pure returns (bytes32) {
        return NONCES.deriveMapping(signer);
    }
}
