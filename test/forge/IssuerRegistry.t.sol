// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Dice} from "./Dice.sol";
import {Handler} from "./model/Handler.sol";
import {VM} from "./Cheatcodes.sol";

/// @title What holds of a registry whatever anybody does to it
/// @notice After each of many writes by accounts with changing roles. The handler predicts each write: done or refused,
/// its event, the words of storage it touches.
contract IssuerRegistryTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Handler private _handler;
    bytes4[] private _writes;

    function setUp() public {
        _handler = _newWorld();
        _writes = _handler.writes();
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_handler), _writes);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_headIsTheFormulaOverEveryLogEvent() public view {
        _handler.checkHead();
    }

    function invariant_storageSaysWhatTheLogSays() public view {
        _handler.checkStorageIsTheLog();
    }

    function invariant_whatIsBesideTheLogIsAsPredicted() public view {
        _handler.checkWhatIsBesideTheLog();
    }

    function invariant_trustFollowsFromTheLog() public view {
        _handler.checkTrustFollowsFromTheLog();
    }

    function invariant_withdrawnIssuerNeverTrusts() public view {
        _handler.checkWithdrawnIssuers();
    }

    function invariant_retiredIssuerTrustsNothingIssuedSince() public view {
        _handler.checkRetiredIssuers();
    }

    function invariant_stoppedIssuerTrustsNothing() public view {
        _handler.checkStoppedIssuers();
    }

    function invariant_compromiseIsFinal() public view {
        _handler.checkCompromisedKeys();
    }

    function invariant_burnIsFinalForEveryKidAndIssuer() public view {
        _handler.checkBurnedKeys();
    }

    function invariant_countersOnlyRise() public view {
        _handler.checkCounters();
    }

    function invariant_eachIssHasOneIssuer() public view {
        _handler.checkIsses();
    }

    function invariant_noPathShortensADelay() public view {
        _handler.checkDelays();
    }

    function invariant_onlyTheGovernorLiftsASuspension() public view {
        _handler.checkLifters();
    }

    function invariant_thereIsOneGovernor() public view {
        _handler.checkGovernor();
    }

    /// @notice The handler draws all kinds, else the invariants above would say little.
    function test_everyWriteIsCarriedOutSometimesAndRefusedSometimes() public {
        Dice memory dice = Dice(1);
        uint256[] memory carriedOut = new uint256[](_writes.length);
        uint256[] memory refused = new uint256[](_writes.length);
        for (uint256 world = 0; world < 12; ++world) {
            Handler handler = _newWorld();
            for (uint256 step = 0; step < 500; ++step) {
                bytes4 write = _writes[dice.roll(_writes.length)];
                (bool done, bytes memory answer) = address(handler).call(abi.encodeWithSelector(write, dice.state));
                if (!done) _revertWith(answer);
            }
            handler.checkStorageIsTheLog();
            handler.checkWhatIsBesideTheLog();
            for (uint256 i = 0; i < _writes.length; ++i) {
                carriedOut[i] += handler.carriedOut(_writes[i]);
                refused[i] += handler.refused(_writes[i]);
            }
        }
        // The first is time, which nobody refuses.
        for (uint256 i = 1; i < _writes.length; ++i) {
            string memory write = VM.toString(abi.encodePacked(_writes[i]));
            VM.assertGe(carriedOut[i], 5, string.concat("carried out: ", write));
            VM.assertGe(refused[i], 5, string.concat("refused: ", write));
        }
    }

    function _revertWith(bytes memory answer) private pure {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    /// @dev With something to act upon from the first call on.
    function _newWorld() private returns (Handler handler) {
        handler = new Handler();
        for (uint256 seed = 1; seed < 20; ++seed) {
            handler.openJurisdiction(seed);
            handler.registerIssuer(seed);
            handler.registerKey(seed);
            handler.listKeys(seed);
        }
    }
}
