// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "../../contracts/IIssuerRegistry.sol";
import {Dice} from "./Dice.sol";
import {RegistryFixture} from "./RegistryFixture.sol";
import {Thumbprint} from "./Thumbprint.sol";
import {TypedData} from "./TypedData.sol";
import {VM} from "./Cheatcodes.sol";

/// @title Signed instructions
/// @notice An instruction holds exactly as its signer signed it: once, here, in time, and word for word.
contract SignedInstructionsTest is RegistryFixture {
    uint256 private constant SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint256 private constant SIGNER = 0x516e;
    uint256 private constant SECRET = 5;

    uint64 private _issuerId;
    address private _signer;

    function setUp() public override {
        super.setUp();
        _openJurisdiction(NEW_YORK);
        _signer = VM.addr(SIGNER);
        _issuerId = _registerIssuer(_signer);
    }

    /// @notice Relayed by anybody, an anchor is the signer's; a second time it is refused.
    function testFuzz_anchorHoldsOnceWhoeverRelays(
        IIssuerRegistry.NewAnchor memory terms,
        uint64 time,
        address relay
    ) public {
        _makeGood(terms);
        IIssuerRegistry.Instruction memory instruction = _instruction(START + (time % 1e10));
        _sign(instruction, SIGNER, TypedData.anchor(terms, instruction));
        VM.warp(START + (time % 1e10));
        VM.prank(relay);
        registry.anchorBySignature(terms, instruction);
        VM.assertEq(registry.nonces(_signer), 1, "nonce");

        terms.counter += 1;
        _refuses(
            abi.encodeCall(IIssuerRegistry.anchorBySignature, (terms, instruction)),
            abi.encodeWithSignature("InvalidAccountNonce(address,uint256)", _signer, 1)
        );
    }

    /// @notice A key's registration likewise, with the key's own proof in it.
    function testFuzz_registrationHoldsOnceWhoeverRelays(
        uint64 from,
        uint64 until,
        uint8 revocation,
        address relay
    ) public {
        IIssuerRegistry.NewKey memory key = _newKey(from, until, revocation);
        IIssuerRegistry.Instruction memory instruction = _instruction(START);
        _sign(instruction, SIGNER, TypedData.registerKey(key, instruction));
        VM.prank(relay);
        bytes32 kid = registry.registerKeyBySignature(key, instruction);
        VM.assertEq(uint256(lens.keyOf(_issuerId, kid).state), uint256(IIssuerRegistry.KeyState.Active), "key");

        _refuses(
            abi.encodeCall(IIssuerRegistry.registerKeyBySignature, (key, instruction)),
            abi.encodeWithSignature("InvalidAccountNonce(address,uint256)", _signer, 1)
        );
    }

    /// @notice No word of an anchor, its nonce, deadline, signature, chain or contract can be another.
    function testFuzz_anchorWithOneWordChangedIsRefused(IIssuerRegistry.NewAnchor memory terms, uint256 seed) public {
        Dice memory dice = Dice(seed);
        _makeGood(terms);
        IIssuerRegistry.Instruction memory instruction = _instruction(START + 1000);
        bytes32 structHash = TypedData.anchor(terms, instruction);
        _sign(instruction, SIGNER, structHash);
        uint256 changed = dice.roll(12);
        uint64 bit = uint64(1 << dice.roll(64));
        if (changed == 0) terms.issuerId ^= bit;
        if (changed == 1) terms.list ^= bytes32(1 << dice.roll(256));
        if (changed == 2) terms.root ^= bytes32(1 << dice.roll(256));
        if (changed == 3) terms.counter ^= bit;
        if (changed == 4) terms.length ^= bit;
        if (changed == 5) terms.revoked ^= bit;
        if (changed == 6) terms.isFinal = !terms.isFinal;
        if (changed == 7) instruction.deadline += 1 + dice.roll(1e9);
        if (changed == 8) instruction.signature[dice.roll(65)] ^= bytes1(uint8(1 << dice.roll(8)));
        if (changed == 9) instruction.signer = address(uint160(instruction.signer) ^ uint160(1 << dice.roll(160)));
        if (changed == 10) VM.chainId(block.chainid + 1 + dice.roll(1000));
        if (changed == 11) _signFor(instruction, structHash, address(uint160(address(registry)) ^ 1));
        _refuses(
            abi.encodeCall(IIssuerRegistry.anchorBySignature, (terms, instruction)),
            abi.encodeWithSelector(IIssuerRegistry.InstructionNotSigned.selector, instruction.signer)
        );
    }

    /// @notice No word of a registration can be another.
    function testFuzz_registrationWithOneWordChangedIsRefused(uint64 from, uint64 until, uint256 seed) public {
        Dice memory dice = Dice(seed);
        IIssuerRegistry.NewKey memory key = _newKey(from, until, uint8(dice.roll(3)));
        IIssuerRegistry.Instruction memory instruction = _instruction(START + 1000);
        _sign(instruction, SIGNER, TypedData.registerKey(key, instruction));
        uint256 changed = dice.roll(8);
        uint64 bit = uint64(1 << dice.roll(64));
        if (changed == 0) key.issuerId ^= bit;
        if (changed == 1) key.x ^= bytes32(1 << dice.roll(256));
        if (changed == 2) key.y ^= bytes32(1 << dice.roll(256));
        if (changed == 3) key.validFrom ^= bit;
        if (changed == 4) key.validUntil ^= bit;
        if (changed == 5) key.revocation = IIssuerRegistry.RevocationMethod((uint8(key.revocation) + 1) % 3);
        if (changed == 6) instruction.deadline += 1 + dice.roll(1e9);
        if (changed == 7) _sign(instruction, SIGNER, TypedData.anchor(_someAnchor(), instruction));
        _refuses(
            abi.encodeCall(IIssuerRegistry.registerKeyBySignature, (key, instruction)),
            abi.encodeWithSelector(IIssuerRegistry.InstructionNotSigned.selector, _signer)
        );
    }

    /// @notice Until its deadline, and with the account's next nonce alone.
    function testFuzz_instructionHoldsInTimeAndInTurnAlone(uint256 deadline, uint64 time, uint256 nonce) public {
        IIssuerRegistry.NewAnchor memory terms = _someAnchor();
        time = START + (time % 1e10);
        if (deadline % 2 == 0) deadline = time - 2 + ((deadline / 2) % 5);
        if (nonce % 2 == 0) nonce = 0;
        IIssuerRegistry.Instruction memory instruction = _instruction(deadline);
        instruction.nonce = nonce;
        _sign(instruction, SIGNER, TypedData.anchor(terms, instruction));
        VM.warp(time);
        bytes memory call = abi.encodeCall(IIssuerRegistry.anchorBySignature, (terms, instruction));
        if (time > deadline) {
            _refuses(call, abi.encodeWithSelector(IIssuerRegistry.InstructionExpired.selector, deadline));
        } else if (nonce != 0) {
            _refuses(call, abi.encodeWithSignature("InvalidAccountNonce(address,uint256)", _signer, 0));
        } else {
            registry.anchorBySignature(terms, instruction);
        }
    }

    /// @notice Who signs rightly still only does what the account may do.
    function testFuzz_strangersInstructionIsRefused(uint256 secret) public {
        secret = 1 + (secret % (SECP256K1_ORDER - 1));
        VM.assume(secret != SIGNER);
        IIssuerRegistry.NewAnchor memory terms = _someAnchor();
        IIssuerRegistry.Instruction memory instruction = _instruction(START);
        instruction.signer = VM.addr(secret);
        _sign(instruction, secret, TypedData.anchor(terms, instruction));
        _refuses(
            abi.encodeCall(IIssuerRegistry.anchorBySignature, (terms, instruction)),
            abi.encodeWithSelector(IIssuerRegistry.NotController.selector, _issuerId, instruction.signer)
        );
    }

    /// @notice A signature's twin of high s is refused, and so is a short one.
    function testFuzz_signatureHasOneForm(bytes32 root) public {
        VM.assume(root != 0);
        IIssuerRegistry.NewAnchor memory terms = _someAnchor();
        terms.root = root;
        IIssuerRegistry.Instruction memory instruction = _instruction(START);
        bytes32 digest = TypedData.digest(address(registry), TypedData.anchor(terms, instruction));
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(SIGNER, digest);
        bytes memory refusal = abi.encodeWithSelector(IIssuerRegistry.InstructionNotSigned.selector, _signer);
        instruction.signature = abi.encodePacked(r, SECP256K1_ORDER - uint256(s), v == 27 ? 28 : 27);
        _refuses(abi.encodeCall(IIssuerRegistry.anchorBySignature, (terms, instruction)), refusal);
        instruction.signature = abi.encodePacked(r, v == 27 ? uint256(s) : uint256(s) | (1 << 255));
        _refuses(abi.encodeCall(IIssuerRegistry.anchorBySignature, (terms, instruction)), refusal);
        instruction.signature = abi.encodePacked(r, s, v);
        registry.anchorBySignature(terms, instruction);
    }

    function _refuses(bytes memory call, bytes memory refusal) private {
        (bytes32 head, uint64 size) = registry.logHead();
        (bool done, bytes memory answer) = address(registry).call(call);
        VM.assertEq(done, false, "accepted");
        VM.assertEq(answer, refusal, "refusal");
        (bytes32 headAfter, uint64 sizeAfter) = registry.logHead();
        VM.assertEq(abi.encode(headAfter, sizeAfter), abi.encode(head, size), "log");
    }

    function _instruction(uint256 deadline) private view returns (IIssuerRegistry.Instruction memory instruction) {
        (instruction.signer, instruction.deadline) = (_signer, deadline);
    }

    function _sign(IIssuerRegistry.Instruction memory instruction, uint256 secret, bytes32 structHash) private view {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(secret, TypedData.digest(address(registry), structHash));
        instruction.signature = abi.encodePacked(r, s, v);
    }

    function _signFor(IIssuerRegistry.Instruction memory instruction, bytes32 structHash, address other) private view {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(SIGNER, TypedData.digest(other, structHash));
        instruction.signature = abi.encodePacked(r, s, v);
    }

    function _someAnchor() private view returns (IIssuerRegistry.NewAnchor memory terms) {
        _makeGood(terms);
    }

    function _makeGood(IIssuerRegistry.NewAnchor memory terms) private view {
        terms.issuerId = _issuerId;
        if (terms.root == 0) terms.root = "root";
        terms.counter = 1 + (terms.counter % (MAX_EXACT - 1));
        terms.length = terms.length % MAX_EXACT;
        terms.revoked = terms.length == 0 ? 0 : terms.revoked % terms.length;
        if (terms.counter == MAX_EXACT) terms.counter = 1;
        terms.isFinal = false;
    }

    function _newKey(
        uint64 from,
        uint64 until,
        uint8 revocation
    ) private view returns (IIssuerRegistry.NewKey memory key) {
        (key.issuerId, key.revocation) = (_issuerId, IIssuerRegistry.RevocationMethod(revocation % 3));
        key.validFrom = from % MAX_TIME;
        key.validUntil = key.validFrom + 1 + (until % (MAX_TIME - key.validFrom));
        (key.x, key.y) = _point(SECRET);
        (key.r, key.s) = _es256(SECRET, _possession(key, Thumbprint.kidOf(bytes.concat(key.x), bytes.concat(key.y))));
    }
}
