// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "../../contracts/IIssuerRegistry.sol";

/// @title EIP-712, written for reading
/// @notice What a signer hashes: types as the manual has them, members one after another.
library TypedData {
    /// @notice The digest of a struct under the domain of a registry on this chain.
    function digest(address registry, bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Pratique issuer registry"),
                keccak256("1"),
                block.chainid,
                registry
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    /// @notice The hash of an anchor as an instruction.
    function anchor(
        IIssuerRegistry.NewAnchor memory terms,
        IIssuerRegistry.Instruction memory instruction
    ) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Anchor(uint64 issuerId,bytes32 list,bytes32 root,uint64 counter,uint64 length,uint64 revoked,bool isFinal,uint256 nonce,uint256 deadline)"
        );
        return
            keccak256(
                bytes.concat(
                    abi.encode(typeHash, terms.issuerId, terms.list, terms.root, terms.counter, terms.length),
                    abi.encode(terms.revoked, terms.isFinal, instruction.nonce, instruction.deadline)
                )
            );
    }

    /// @notice The hash of a key's registration as an instruction.
    function registerKey(
        IIssuerRegistry.NewKey memory key,
        IIssuerRegistry.Instruction memory instruction
    ) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "RegisterKey(uint64 issuerId,bytes32 x,bytes32 y,uint64 validFrom,uint64 validUntil,uint8 revocation,uint256 nonce,uint256 deadline)"
        );
        return
            keccak256(
                bytes.concat(
                    abi.encode(typeHash, key.issuerId, key.x, key.y, key.validFrom, key.validUntil),
                    abi.encode(key.revocation, instruction.nonce, instruction.deadline)
                )
            );
    }
}
