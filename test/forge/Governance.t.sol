// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "../../contracts/IIssuerRegistry.sol";
import {VM} from "./Cheatcodes.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

/// @title The delay
/// @notice Which delays a registry is made with, and how one becomes another.
contract GovernanceTest is RegistryFixture {
    /// @notice Of a new registry, at most 90 days.
    function testFuzz_registryIsMadeWithADelayOfNinetyDaysAtMost(uint48 delay, bool near) public {
        if (near) delay = 90 days - 2 + (delay % 5);
        bytes memory code = VM.getCode("artifacts/contracts/IssuerRegistry.sol/IssuerRegistry.json");
        code = bytes.concat(code, abi.encode(delay, GOVERNOR));
        address made;
        bytes memory answer;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            made := create(0, add(code, 0x20), mload(code))
            answer := mload(0x40)
            mstore(answer, returndatasize())
            returndatacopy(add(answer, 0x20), 0, returndatasize())
            mstore(0x40, add(answer, add(0x40, returndatasize())))
        }
        VM.assertEq(made != address(0), delay <= 90 days, "made");
        if (made == address(0)) {
            bytes memory refusal = abi.encodeWithSelector(IIssuerRegistry.DelayNotAllowed.selector, 0, delay);
            VM.assertEq(answer, refusal, "refusal");
        }
    }

    /// @notice Asked for any delays one after another, it never becomes shorter, nor longer than 90 days.
    function testFuzz_delayOnlyGrows(uint48[6] calldata delays, uint32[6] calldata waits) public {
        uint48 last = registry.defaultAdminDelay();
        for (uint256 i = 0; i < delays.length; ++i) {
            uint48 next = i % 2 == 0 ? delays[i] : delays[i] % 100 days;
            VM.prank(GOVERNOR);
            (bool done, bytes memory answer) = address(registry).call(
                abi.encodeCall(registry.changeDefaultAdminDelay, (next))
            );
            VM.assertEq(done, next >= last && next <= 90 days, "accepted");
            bytes memory refusal = abi.encodeWithSelector(IIssuerRegistry.DelayNotAllowed.selector, last, next);
            if (!done) VM.assertEq(answer, refusal, "refusal");
            VM.warp(block.timestamp + (waits[i] % 8 days));
            uint48 current = registry.defaultAdminDelay();
            VM.assertGe(current, last, "never shorter");
            last = current;
        }
    }
}
