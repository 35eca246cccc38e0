// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {Keys} from "./Keys.sol";
import {RevocationAnchors} from "./RevocationAnchors.sol";

/// @title Signed instructions
/// @notice What an issuer without ether signs, and anybody relays: EIP-712, with nonce and deadline.
abstract contract SignedInstructions is Keys, RevocationAnchors, EIP712, Nonces {
    // solhint-disable gas-small-strings
    bytes32 private constant REGISTER_KEY = keccak256(
        "RegisterKey(uint64 issuerId,bytes32 x,bytes32 y,uint64 validFrom,uint64 validUntil,uint8 revocation,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant ANCHOR = keccak256(
        "Anchor(uint64 issuerId,bytes32 list,bytes32 root,uint64 counter,uint64 length,uint64 revoked,bool isFinal,uint256 nonce,uint256 deadline)"
    );

    // solhint-enable gas-small-strings

    constructor() EIP712("Pratique issuer registry", "1") {}

    /// @inheritdoc IIssuerRegistry
    function registerKeyBySignature(
        NewKey calldata key,
        Instruction calldata instruction
    ) external returns (bytes32 kid) {
        _requireSigned(
            instruction,
            keccak256(
                // solhint-disable-next-line func-named-parameters
                abi.encode(
                    REGISTER_KEY,
                    key.issuerId,
                    key.x,
                    key.y,
                    key.validFrom,
                    key.validUntil,
                    key.revocation,
                    instruction.nonce,
                    instruction.deadline
                )
            )
        );
        return _registerKey(key, instruction.signer);
    }

    /// @inheritdoc IIssuerRegistry
    function anchorBySignature(NewAnchor calldata terms, Instruction calldata instruction) external {
        // solhint-disable-next-line func-named-parameters
        _requireSigned(instruction, keccak256(abi.encode(ANCHOR, terms, instruction.nonce, instruction.deadline)));
        _anchor(terms, instruction.signer);
    }

    /// @dev OpenZeppelin takes one form of a signature only (low s), knows no zero signer, and asks contracts (ERC-1271).
    function _requireSigned(Instruction calldata instruction, bytes32 structHash) private {
        if (block.timestamp > instruction.deadline) revert InstructionExpired(instruction.deadline);
        _useCheckedNonce(instruction.signer, instruction.nonce);
        bytes32 digest = _hashTypedDataV4(structHash);
        (address recovered, ECDSA.RecoverError err, ) = ECDSA.tryRecoverCalldata(digest, instruction.signature);
        if (err == ECDSA.RecoverError.NoError && recovered == instruction.signer) return;
        // Asked last: a look at another account costs as much as the signature.
        if (!SignatureChecker.isValidERC1271SignatureNowCalldata(instruction.signer, digest, instruction.signature))
            revert InstructionNotSigned(instruction.signer);
    }
}
