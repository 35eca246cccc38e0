// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "../../contracts/IIssuerRegistry.sol";
import {Dice} from "./Dice.sol";
import {RegistryFixture} from "./RegistryFixture.sol";
import {Thumbprint} from "./Thumbprint.sol";
import {VM} from "./Cheatcodes.sol";

/// @notice What the registry asks of its contract of points.
interface IP256Keys {
    function kidOf(bytes calldata x, bytes calldata y) external pure returns (bytes32 kid);
    function kidsOf(bytes32 x, bytes32 y) external pure returns (bytes32[] memory kids);
    function isSignature(bytes32 digest, bytes32 r, bytes32 s, bytes32 x, bytes32 y) external view returns (bool);
}

/// @title P-256 keys
/// @notice Kids, points and signatures, as compiled, with and without the precompile.
contract P256KeysTest is RegistryFixture {
    uint256 private constant P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff;
    uint256 private constant B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b;
    /// @dev Secrets of points with leading zero bytes: one of y, one of x, two of x, one of each.
    uint16[4] private _short = [43, 379, 40_393, 49_350];

    IP256Keys private _keys;

    function setUp() public override {
        super.setUp();
        _keys = IP256Keys(_deployed("P256Keys", ""));
    }

    /// @notice The kid of a point is RFC 7638's, over its coordinates as published.
    function testFuzz_kidIsTheThumbprint(uint256 seed) public view {
        (bytes32 x, bytes32 y) = _point(_secret(seed));
        VM.assertEq(
            _keys.kidOf(bytes.concat(x), bytes.concat(y)),
            Thumbprint.kidOf(bytes.concat(x), bytes.concat(y)),
            "kid"
        );
    }

    /// @notice Base64url of every length of text, which the points above do not reach.
    function testFuzz_kidsAreAllThumbprintsOfAnyCoordinates(bytes32 x, bytes32 y, uint8 zeros) public view {
        bytes32 top = bytes32(uint256(1) << 255);
        _checkKids((x | top) >> (8 * (zeros % 4)), (y | top) >> (8 * ((zeros / 4) % 4)));
    }

    /// @notice A coordinate is never of no bytes, even if all of them are zero.
    function test_coordinateOfZerosHasThirtyTwoForms() public view {
        VM.assertEq(_keys.kidsOf(0, bytes32(uint256(1))).length, 32 * 32, "forms of (0, 1)");
        _checkKids(0, bytes32(type(uint256).max));
    }

    function _checkKids(bytes32 x, bytes32 y) private view {
        VM.assertEq(
            keccak256(abi.encode(_keys.kidsOf(x, y))),
            keccak256(abi.encode(Thumbprint.all(x, y))),
            "every kid of the point, the one over 32 bytes first"
        );
    }

    /// @notice Coordinates of any length and value pass exactly if they make a point of the curve.
    function testFuzz_coordinatesPassExactlyIfTheyAreAPoint(uint256 seed) public view {
        Dice memory dice = Dice(seed);
        (bytes32 x, bytes32 y) = _point(dice.once(2) ? _short[dice.roll(4)] : _secret(dice.state));
        if (dice.once(3)) x = bytes32(uint256(x) ^ (1 << dice.roll(256)));
        if (dice.once(6)) (x, y) = (bytes32(dice.roll(2) * P), bytes32(dice.roll(2) * P));
        (bytes memory a, bytes memory b) = (_published(dice, x), _published(dice, y));
        (bool done, bytes memory answer) = address(_keys).staticcall(abi.encodeCall(IP256Keys.kidOf, (a, b)));
        bool ofLength = a.length > 0 && a.length <= 32 && b.length > 0 && b.length <= 32;
        VM.assertEq(done, ofLength && _isOnCurve(_number(a), _number(b)), "accepted");
        bytes4 refusal =
            ofLength ? IIssuerRegistry.PointNotOnCurve.selector : IIssuerRegistry.InvalidCoordinate.selector;
        if (!done) VM.assertEq(_selector(answer), bytes32(refusal), "refusal");
    }

    /// @notice On a chain without the precompile.
    /// forge-config: default.fuzz.runs = 50
    /// forge-config: deep.fuzz.runs = 10000
    function testFuzz_onlyTheKeysOwnSignatureHoldsWithoutPrecompile(uint256 seed, bytes32 digest) public view {
        VM.assertEq(_hasPrecompile(), false, "no precompile");
        _checkSignature(seed, digest);
    }

    /// @notice On a chain with the precompile of EIP-7951.
    /// forge-config: default.evm_version = "osaka"
    /// forge-config: deep.evm_version = "osaka"
    function testFuzz_onlyTheKeysOwnSignatureHoldsWithPrecompile(uint256 seed, bytes32 digest) public view {
        VM.assertEq(_hasPrecompile(), true, "a precompile");
        _checkSignature(seed, digest);
    }

    function _checkSignature(uint256 seed, bytes32 digest) private view {
        Dice memory dice = Dice(seed);
        uint256 secret = _secret(seed);
        (bytes32 x, bytes32 y) = _point(secret);
        (bytes32 r, bytes32 s) = VM.signP256(secret, digest);
        bytes32 twin = bytes32(P256_ORDER - uint256(s));
        if (uint256(s) > P256_ORDER / 2) (s, twin) = (twin, s);
        VM.assertTrue(_keys.isSignature(digest, r, s, x, y), "its own signature");
        VM.assertEq(_keys.isSignature(digest, r, twin, x, y), false, "its twin of high s");

        bytes32[5] memory words = [digest, r, s, x, y];
        uint256 changed = dice.roll(5);
        uint256 way = dice.roll(4);
        if (way == 0) words[changed] = 0;
        else if (way == 1) words[changed] = bytes32(P256_ORDER);
        else words[changed] = bytes32(uint256(words[changed]) ^ (1 << dice.roll(256)));
        // A digest counts modulo the order.
        if (changed == 0 && uint256(words[0]) % P256_ORDER == uint256(digest) % P256_ORDER) return;
        VM.assertEq(_keys.isSignature(words[0], words[1], words[2], words[3], words[4]), false, "one word is another");
    }

    function _hasPrecompile() private view returns (bool) {
        (bytes32 r, bytes32 s) = VM.signP256(1, "any");
        (bytes32 x, bytes32 y) = _point(1);
        (, bytes memory answer) = address(0x100).staticcall(abi.encode(bytes32("any"), r, s, x, y));
        return answer.length == 32;
    }

    /// @dev With leading zeros left out or added, or cut behind.
    function _published(Dice memory dice, bytes32 coordinate) private pure returns (bytes memory) {
        uint256 zeros = 0;
        while (zeros < 32 && coordinate[zeros] == 0) ++zeros;
        if (dice.once(3)) return Thumbprint.tail(coordinate, dice.roll(zeros + 1));
        if (dice.once(10)) return bytes.concat(bytes1(0), coordinate);
        if (dice.once(10)) return Thumbprint.tail(coordinate, dice.roll(33));
        return bytes.concat(coordinate);
    }

    function _number(bytes memory coordinate) private pure returns (uint256 number) {
        for (uint256 i = 0; i < coordinate.length; ++i) number = (number << 8) | uint8(coordinate[i]);
    }

    /// @dev y² = x³ - 3x + b, both below p.
    function _isOnCurve(uint256 x, uint256 y) private pure returns (bool) {
        if (x >= P || y >= P) return false;
        uint256 right = addmod(mulmod(mulmod(x, x, P), x, P), mulmod(P - 3, x, P), P);
        return mulmod(y, y, P) == addmod(right, B, P);
    }
}
