// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "../../contracts/IIssuerRegistry.sol";
import {Dice} from "./Dice.sol";
import {RegistryFixture} from "./RegistryFixture.sol";
import {VM} from "./Cheatcodes.sol";

/// @title Names, codes and DIDs
/// @notice Which of them the registry takes, held against rules that look at one byte after another.
contract NamesTest is RegistryFixture {
    /// @notice A jurisdiction's name of any bytes.
    function testFuzz_nameIsTakenExactlyIfOfItsLengthAndWithoutControls(bytes calldata name) public {
        _checkName(name);
    }

    /// @notice A jurisdiction's name with at most one wrong byte, of a length around the limits.
    function testFuzz_nameWithOneWrongByteIsTakenExactlyIfThatIsNone(uint256 seed) public {
        Dice memory dice = Dice(seed);
        uint256 length = dice.once(4) ? 198 + dice.roll(5) : dice.roll(80);
        bytes memory name = dice.text(unicode"abc é漢 ", length);
        if (dice.once(8)) name = bytes.concat(hex"efbb", dice.once(2) ? bytes1(0xbf) : bytes1(0xbe), name);
        _checkName(dice.once(2) ? dice.spoiled(name) : name);
    }

    /// @notice A code of any bytes, or nearly of the right ones.
    function testFuzz_codeIsTakenExactlyIfOfCapitalsDigitsAndHyphens(uint256 seed, bytes32 any) public {
        Dice memory dice = Dice(seed);
        bytes memory code = dice.text("ABYZ0189-", dice.roll(34));
        if (dice.once(2)) code = dice.spoiled(code);
        _checkCode(dice.once(10) ? any : bytes32(code));
    }

    /// @notice A venue's DID, or nearly one.
    function testFuzz_didIsTakenExactlyIfOfTheGrammar(uint256 seed) public {
        Dice memory dice = Dice(seed);
        bytes memory did = bytes.concat(
            "did:",
            dice.text("azAZ09.-_:%", dice.once(8) ? 504 + dice.roll(8) : dice.roll(9))
        );
        if (dice.once(2)) did = dice.spoiled(did);
        _openJurisdiction(NEW_YORK);
        VM.prank(ACCREDITOR);
        (bool done, bytes memory answer) = address(registry).call(
            abi.encodeCall(IIssuerRegistry.registerVenue, (NEW_YORK, string(did), "A venue"))
        );
        VM.assertEq(done, _isDid(did), string(did));
        if (!done) VM.assertEq(answer, abi.encodeWithSelector(IIssuerRegistry.InvalidDid.selector, did), "refusal");
    }

    function _checkName(bytes memory name) private {
        VM.prank(GOVERNOR);
        (bool done, bytes memory answer) = address(registry).call(
            abi.encodeCall(IIssuerRegistry.openJurisdiction, (NEW_YORK, string(name), ACCREDITOR))
        );
        bool ofLength = name.length >= 1 && name.length <= 200;
        VM.assertEq(done, ofLength && _isWithoutControls(name), string(name));
        bytes memory refusal =
            ofLength
                ? abi.encodeWithSelector(IIssuerRegistry.InvalidName.selector)
                : abi.encodeWithSelector(IIssuerRegistry.InvalidNameLength.selector, name.length);
        if (!done) VM.assertEq(answer, refusal, "refusal");
    }

    function _checkCode(bytes32 code) private {
        VM.prank(GOVERNOR);
        (bool done, bytes memory answer) = address(registry).call(
            abi.encodeCall(IIssuerRegistry.openJurisdiction, (code, "A jurisdiction", ACCREDITOR))
        );
        VM.assertEq(done, _isCode(code), "code");
        bytes memory refusal = abi.encodeWithSelector(IIssuerRegistry.InvalidJurisdictionCode.selector, code);
        if (!done) VM.assertEq(answer, refusal, "refusal");
    }

    function _isWithoutControls(bytes memory name) private pure returns (bool) {
        for (uint256 i = 0; i < name.length; ++i) if (uint8(name[i]) < 32 || uint8(name[i]) == 127) return false;
        return name.length < 3 || name[0] != 0xef || name[1] != 0xbb || name[2] != 0xbf;
    }

    function _isCode(bytes32 code) private pure returns (bool) {
        bool ended = false;
        for (uint256 i = 0; i < 32; ++i) {
            if (code[i] == 0) ended = true;
            else if (ended || !(_isAlphanumeric(code[i], false) || code[i] == "-")) return false;
        }
        return code[0] != 0;
    }

    function _isDid(bytes memory did) private pure returns (bool) {
        if (did.length < 8 || did.length > 512) return false;
        if (did[0] != "d" || did[1] != "i" || did[2] != "d" || did[3] != ":") return false;
        for (uint256 i = 4; i < did.length; ++i) {
            bytes1 c = did[i];
            bool sign = c == "." || c == "-" || c == "_" || c == ":" || c == "%";
            if (!sign && !_isAlphanumeric(c, true)) return false;
        }
        return true;
    }

    function _isAlphanumeric(bytes1 c, bool small) private pure returns (bool) {
        return (c >= "A" && c <= "Z") || (c >= "0" && c <= "9") || (small && c >= "a" && c <= "z");
    }
}
