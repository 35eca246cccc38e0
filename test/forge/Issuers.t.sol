// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "../../contracts/IIssuerRegistry.sol";
import {VM} from "./Cheatcodes.sol";
import {Dice} from "./Dice.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

/// @title What an accreditor states
/// @notice Each text that it may state is held to the rules, wherever it stands; an issuer lives as the manual says.
contract IssuersTest is RegistryFixture {
    uint64 private _issuerId;
    uint64 private _venueId;

    function setUp() public override {
        super.setUp();
        _openJurisdiction(NEW_YORK);
        _issuerId = _registerIssuer(address(0));
        VM.prank(ACCREDITOR);
        _venueId = registry.registerVenue(NEW_YORK, "did:web:venue.example", "A venue");
    }

    /// @notice Of a jurisdiction, an issuer, an issuer stated anew, a venue, a venue renamed.
    function testFuzz_nameIsHeldToTheRulesWhereverItStands(uint256 seed) public {
        Dice memory dice = Dice(seed);
        string memory name = string(dice.text("a name", dice.roll(3) * 100));
        if (dice.once(3)) name = string.concat(name, "\n");
        IIssuerRegistry.NewIssuer memory issuer = _newIssuer(address(0));
        (issuer.iss, issuer.name) = ("https://other.example", name);
        bytes[5] memory calls = [
            abi.encodeCall(IIssuerRegistry.openJurisdiction, ("US-NJ", name, ACCREDITOR)),
            abi.encodeCall(IIssuerRegistry.registerIssuer, (issuer)),
            abi.encodeCall(IIssuerRegistry.updateIssuer, (_issuerId, 0, 0, 0, name)),
            abi.encodeCall(IIssuerRegistry.registerVenue, (NEW_YORK, "did:web:other.example", name)),
            abi.encodeCall(IIssuerRegistry.renameVenue, (_venueId, name))
        ];
        uint256 length = bytes(name).length;
        bool ofLength = length > 0 && length <= 200;
        bool good = ofLength && bytes(name)[length - 1] != "\n";
        bytes memory refusal =
            ofLength
                ? abi.encodeWithSelector(IIssuerRegistry.InvalidName.selector)
                : abi.encodeWithSelector(IIssuerRegistry.InvalidNameLength.selector, length);
        for (uint256 i = 0; i < calls.length; ++i) _check(i == 0 ? GOVERNOR : ACCREDITOR, calls[i], good, refusal);
    }

    /// @notice Of a new issuer's status data, of an issuer's, of rules; or none.
    function testFuzz_placeIsHeldToTheRulesWhereverItStands(uint256 seed) public {
        Dice memory dice = Dice(seed);
        uint256 which = dice.roll(4);
        string memory url = ["", "https://a.example", "https://a.example/", "http://a.example"][which];
        IIssuerRegistry.NewIssuer memory issuer = _newIssuer(address(0));
        (issuer.iss, issuer.statusBase) = ("https://other.example", url);
        bytes[3] memory calls = [
            abi.encodeCall(IIssuerRegistry.registerIssuer, (issuer)),
            abi.encodeCall(IIssuerRegistry.setStatusBase, (_issuerId, url)),
            abi.encodeCall(IIssuerRegistry.publishRules, (NEW_YORK, "ARENA", 1, START, "digest", url))
        ];
        bytes memory refusal = abi.encodeWithSelector(IIssuerRegistry.InvalidUrl.selector, url);
        for (uint256 i = 0; i < calls.length; ++i) _check(ACCREDITOR, calls[i], which < 2, refusal);
    }

    /// @notice A new issuer is pending or active.
    function testFuzz_newIssuerIsPendingOrActive(uint8 number) public {
        IIssuerRegistry.NewIssuer memory issuer = _newIssuer(address(0));
        (issuer.iss, issuer.status) = ("https://other.example", IIssuerRegistry.IssuerStatus(number % 6));
        _check(
            ACCREDITOR,
            abi.encodeCall(IIssuerRegistry.registerIssuer, (issuer)),
            number % 6 == 1 || number % 6 == 2,
            abi.encodeWithSelector(IIssuerRegistry.InvalidIssuerStatus.selector, 0, number % 6)
        );
    }

    /// @notice Through any sequence of statuses, an issuer moves only where the manual says.
    function testFuzz_issuerLivesAsTheManualSays(uint8[12] calldata path) public {
        // From each status (none, pending, active, suspended, retired, withdrawn) to which others: a bit each.
        uint8[6] memory next = [0, 0x24, 0x38, 0x34, 0x20, 0];
        IIssuerRegistry.NewIssuer memory issuer = _newIssuer(address(0));
        (issuer.iss, issuer.status) = ("https://other.example", IIssuerRegistry.IssuerStatus.Pending);
        VM.prank(ACCREDITOR);
        uint64 issuerId = registry.registerIssuer(issuer);
        uint8 from = 1;
        for (uint256 i = 0; i < path.length; ++i) {
            uint8 to = path[i] % 6;
            bool follows = (next[from] >> to) & 1 == 1;
            _check(
                ACCREDITOR,
                abi.encodeCall(
                    IIssuerRegistry.setIssuerStatus,
                    (issuerId, IIssuerRegistry.IssuerStatus(to), uint16(i))
                ),
                follows,
                abi.encodeWithSelector(IIssuerRegistry.InvalidIssuerStatus.selector, from, to)
            );
            if (follows) from = to;
            VM.assertEq(uint256(lens.issuerOf(issuerId).status), from, "status");
        }
    }

    /// @notice Through any sequence of statuses, so does a venue.
    function testFuzz_venueLivesAsTheManualSays(uint8[8] calldata path) public {
        uint8[4] memory next = [0, 0xc, 0xa, 0];
        uint8 from = 1;
        for (uint256 i = 0; i < path.length; ++i) {
            uint8 to = path[i] % 4;
            bool follows = (next[from] >> to) & 1 == 1;
            _check(
                ACCREDITOR,
                abi.encodeCall(IIssuerRegistry.setVenueStatus, (_venueId, IIssuerRegistry.VenueStatus(to), uint16(i))),
                follows,
                abi.encodeWithSelector(IIssuerRegistry.InvalidVenueStatus.selector, from, to)
            );
            if (follows) from = to;
            VM.assertEq(uint256(lens.venueOf(_venueId).status), from, "status");
        }
    }

    function _check(address actor, bytes memory call, bool good, bytes memory refusal) private {
        VM.prank(actor);
        (bool done, bytes memory answer) = address(registry).call(call);
        VM.assertEq(done, good, "accepted");
        if (!done) VM.assertEq(answer, refusal, "refusal");
    }
}
