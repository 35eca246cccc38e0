// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "../../contracts/IIssuerRegistry.sol";
import {Dice} from "./Dice.sol";
import {RegistryFixture} from "./RegistryFixture.sol";
import {UrlGrammar} from "./UrlGrammar.sol";
import {ICheatcodes, VM} from "./Cheatcodes.sol";

/// @title URLs and their DIDs
/// @notice What the registry takes as `iss` and as a place, held against a grammar written for reading.
contract DidWebTest is RegistryFixture {
    uint64 private _issuerId;

    function setUp() public override {
        super.setUp();
        _openJurisdiction(NEW_YORK);
        _issuerId = _registerIssuer(CONTROLLER);
    }

    /// @notice Texts that are nearly URLs.
    function testFuzz_issuerIsTakenExactlyIfItsUrlIsOfTheGrammar(uint256 seed) public {
        _checkIss(UrlGrammar.someUrl(Dice(seed)));
    }

    /// @notice Bytes drawn blindly behind the scheme.
    function testFuzz_issuerOfAnyBytesIsTakenExactlyIfTheyAreOfTheGrammar(bytes calldata rest) public {
        _checkIss(bytes.concat("https://", rest));
    }

    /// @notice The place of status data: the same grammar, or empty.
    function testFuzz_statusBaseIsTakenExactlyIfItsUrlIsOfTheGrammar(uint256 seed) public {
        bytes memory url = UrlGrammar.someUrl(Dice(seed));
        VM.prank(CONTROLLER);
        (bool done, bytes memory answer) = address(registry).call(
            abi.encodeCall(IIssuerRegistry.setStatusBase, (_issuerId, string(url)))
        );
        VM.assertEq(done, url.length == 0 || UrlGrammar.didOf(url).length != 0, string(url));
        if (!done) VM.assertEq(answer, abi.encodeWithSelector(IIssuerRegistry.InvalidUrl.selector, url), "refusal");
    }

    /// @notice Two URLs of the grammar never share a DID: one byte apart, so that they nearly do.
    function testFuzz_distinctUrlsGiveDistinctDids(uint256 seed) public pure {
        Dice memory dice = Dice(seed);
        bytes memory one = UrlGrammar.someUrl(dice);
        bytes memory other = dice.spoiled(one);
        (bytes memory did, bytes memory otherDid) = (UrlGrammar.didOf(one), UrlGrammar.didOf(other));
        if (did.length == 0 || otherDid.length == 0) return;
        VM.assertEq(keccak256(one) == keccak256(other), keccak256(did) == keccak256(otherDid), string(other));
    }

    /// @notice The generator draws both kinds, else the tests above would say little.
    function test_generatorDrawsUrlsThatPassAndUrlsThatDoNot() public pure {
        uint256 passed = 0;
        for (uint256 seed = 0; seed < 200; ++seed) {
            if (UrlGrammar.didOf(UrlGrammar.someUrl(Dice(seed))).length != 0) ++passed;
        }
        VM.assertTrue(passed > 60 && passed < 140, "about every second one");
    }

    function _checkIss(bytes memory url) private {
        bytes memory did = UrlGrammar.didOf(url);
        IIssuerRegistry.NewIssuer memory issuer = _newIssuer(CONTROLLER);
        issuer.iss = string(url);
        VM.recordLogs();
        VM.prank(ACCREDITOR);
        (bool done, bytes memory answer) = address(registry).call(
            abi.encodeCall(IIssuerRegistry.registerIssuer, (issuer))
        );
        VM.assertEq(done, did.length != 0, string(url));
        if (done) VM.assertEq(_didOf(_onlyLog()), did, "its did:web");
        else VM.assertEq(answer, abi.encodeWithSelector(IIssuerRegistry.InvalidIss.selector, url), "refusal");
    }

    function _didOf(ICheatcodes.Log memory log) private pure returns (bytes memory) {
        (, , , , , , , string memory did, , , ) = abi.decode(
            log.data,
            (address, uint64, address, uint8, uint64, uint64, uint32, string, string, string, string)
        );
        return bytes(did);
    }
}
