// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IIssuerRegistry} from "../../../contracts/IIssuerRegistry.sol";
import {VM} from "../Cheatcodes.sol";
import {AnchorModel} from "./AnchorModel.sol";

/// @title All that anybody can do to a registry
/// @notice Each write once, by any account and with any arguments, and what must hold of the registry at any time.
contract Handler is AnchorModel {
    /// @notice Every write of the registry, and time.
    function writes() external pure returns (bytes4[] memory all) {
        bytes4[40] memory list = [
            this.warp.selector,
            this.grantRole.selector,
            this.acceptRole.selector,
            this.revokeRole.selector,
            this.renounceRole.selector,
            this.changeDefaultAdminDelay.selector,
            this.rollbackDefaultAdminDelay.selector,
            this.beginDefaultAdminTransfer.selector,
            this.cancelDefaultAdminTransfer.selector,
            this.acceptDefaultAdminTransfer.selector,
            this.announceSuccessor.selector,
            this.openJurisdiction.selector,
            this.setJurisdictionSuspended.selector,
            this.proposeAccreditor.selector,
            this.acceptAccreditor.selector,
            this.publishRules.selector,
            this.registerVenue.selector,
            this.renameVenue.selector,
            this.setVenueStatus.selector,
            this.registerIssuer.selector,
            this.listIssuers.selector,
            this.updateIssuer.selector,
            this.setStatusBase.selector,
            this.setIssuerStatus.selector,
            this.setIssuerHeld.selector,
            this.proposeController.selector,
            this.acceptController.selector,
            this.setOperator.selector,
            this.offerIssuer.selector,
            this.acceptIssuer.selector,
            this.registerKey.selector,
            this.registerKeyBySignature.selector,
            this.listKeys.selector,
            this.setKeyRevocation.selector,
            this.retireKey.selector,
            this.compromiseKey.selector,
            this.burnKey.selector,
            this.anchor.selector,
            this.anchorBySignature.selector,
            this.renewAnchor.selector
        ];
        all = new bytes4[](list.length);
        for (uint256 i = 0; i < all.length; ++i) all[i] = list[i];
    }

    function checkHead() external view {
        (bytes32 head, uint64 size) = registry.logHead();
        VM.assertEq(head, logHead, "head");
        VM.assertEq(size, logSize, "size");
    }

    function checkStorageIsTheLog() external view {
        for (uint256 i = 0; i < someCodes.length; ++i) {
            bytes32 code = someCodes[i];
            _checkSame(abi.encode(lens.jurisdictionOf(code)), abi.encode(jurisdictions[code]), "jurisdiction");
            for (uint256 j = 0; j < ruleIds.length; ++j) {
                _checkSame(abi.encode(lens.rulesOf(code, ruleIds[j])), abi.encode(rules[code][ruleIds[j]]), "rules");
            }
        }
        for (uint64 id = 0; id <= issuerCount + 1; ++id) {
            _checkSame(abi.encode(lens.issuerOf(id)), abi.encode(issuers[id]), "issuer");
        }
        for (uint64 id = 0; id <= venueCount + 1; ++id) {
            _checkSame(abi.encode(lens.venueOf(id)), abi.encode(venues[id]), "venue");
        }
        for (uint256 i = 0; i < keyRefs.length; ++i) {
            (uint64 id, bytes32 kid) = (keyRefs[i].issuerId, keyRefs[i].kid);
            _checkSame(abi.encode(lens.keyOf(id, kid)), abi.encode(keys[id][kid]), "key");
        }
        for (uint256 i = 0; i < signingKeys.length; ++i) {
            bytes32[] memory kids = signingKeys[i].kids;
            for (uint256 j = 0; j < kids.length; ++j) VM.assertEq(lens.isBurned(kids[j]), burned[kids[j]], "burned");
        }
    }

    function checkWhatIsBesideTheLog() external view {
        _checkGovernance();
        for (uint256 i = 0; i < actors.length; ++i) {
            VM.assertEq(registry.nonces(actors[i]), nonces[actors[i]], "nonce");
        }
        for (uint256 i = 0; i < codes.length; ++i) {
            bytes memory expected = abi.encode(accreditorProposals[codes[i]]);
            _checkSame(abi.encode(lens.accreditorProposalOf(codes[i])), expected, "next accreditor");
        }
        for (uint64 id = 1; id <= issuerCount; ++id) {
            bytes memory expected = abi.encode(controllerProposals[id]);
            _checkSame(abi.encode(lens.controllerProposalOf(id)), expected, "next controller");
            (bytes32 code, bool byGovernor, uint64 notBefore) = lens.transferOfferOf(id);
            _checkSame(abi.encode(code, byGovernor, notBefore), abi.encode(transferOffers[id]), "transfer");
            _checkAnchors(id);
        }
    }

    function checkWithdrawnIssuers() external view {
        for (uint64 id = 1; id <= issuerCount; ++id) if (everWithdrawn[id]) _checkNeverTrusted(id, 0);
    }

    function checkRetiredIssuers() external view {
        for (uint64 id = 1; id <= issuerCount; ++id) if (retiredAt[id] != 0) _checkNeverTrusted(id, retiredAt[id]);
    }

    function checkStoppedIssuers() external view {
        for (uint64 id = 1; id <= issuerCount; ++id) {
            IIssuerRegistry.Issuer memory issuer = issuers[id];
            bool stopped = issuer.held || jurisdictions[issuer.jurisdiction].suspended;
            if (stopped || issuer.status == IIssuerRegistry.IssuerStatus.Suspended) _checkNeverTrusted(id, 0);
        }
    }

    function checkCompromisedKeys() external view {
        for (uint256 i = 0; i < keyRefs.length; ++i) {
            (uint64 id, bytes32 kid) = (keyRefs[i].issuerId, keyRefs[i].kid);
            if (!everCompromised[id][kid]) continue;
            bool still = lens.keyOf(id, kid).state == IIssuerRegistry.KeyState.Compromised;
            VM.assertTrue(still, "compromised for ever");
            _checkNotTrusted(id, kid, 0);
        }
    }

    function checkBurnedKeys() external view {
        for (uint256 i = 0; i < burnedKids.length; ++i) {
            VM.assertTrue(lens.isBurned(burnedKids[i]), "burned for ever");
            for (uint64 id = 1; id <= issuerCount; ++id) _checkNotTrusted(id, burnedKids[i], 0);
        }
    }

    /// @dev What is trusted is what somebody who only read the log would say.
    function checkTrustFollowsFromTheLog() external view {
        uint64[4] memory others = [0, START, _now() - 1 days, _now() + 30 days];
        uint64[2] memory times = [_now(), others[logSize % 4]];
        for (uint256 i = 0; i < keyRefs.length; ++i) {
            (uint64 id, bytes32 kid) = (keyRefs[i].issuerId, keyRefs[i].kid);
            for (uint256 j = 0; j < times.length; ++j) {
                VM.assertEq(lens.isTrusted(isses[id], kid, times[j]), _isTrusted(id, kid, times[j]), "trusted");
            }
        }
    }

    /// @dev What was highest once is there still.
    function checkCounters() external view {
        IIssuerRegistry.AnchorRef[] memory refs = new IIssuerRegistry.AnchorRef[](1);
        for (uint64 id = 1; id <= issuerCount; ++id) {
            for (uint256 i = 0; i < someLists.length; ++i) {
                refs[0] = IIssuerRegistry.AnchorRef(id, someLists[i]);
                (, , IIssuerRegistry.Anchor[] memory found) = lens.anchorsOf(refs);
                VM.assertEq(found[0].counter, highestCounter[id][someLists[i]], "counter of a list");
            }
        }
        for (uint256 i = 0; i < codes.length; ++i) {
            for (uint256 j = 0; j < ruleIds.length; ++j) {
                (bytes32 code, bytes32 id) = (codes[i], ruleIds[j]);
                VM.assertEq(lens.rulesOf(code, id).version, highestVersion[code][id], "version of rules");
            }
        }
    }

    function checkIsses() external view {
        uint256 found = 0;
        for (uint256 i = 0; i < someIsses.length; ++i) {
            uint64 id = lens.issuerIdOf(someIsses[i]);
            VM.assertEq(id, issuerIds[someIsses[i]], "issuer of an iss");
            if (id == 0) continue;
            ++found;
            VM.assertEq(keccak256(bytes(isses[id])), keccak256(bytes(someIsses[i])), "iss of an issuer");
        }
        VM.assertEq(found, issuerCount, "one iss each");
    }

    function checkDelays() external view {
        VM.assertGe(registry.defaultAdminDelay(), longestDelay, "the delay never becomes shorter");
        VM.assertGe(90 days, registry.defaultAdminDelay(), "nor endless");
        VM.assertGe(shortestWait, DELAY, "nobody named from above takes over at once");
    }

    function checkLifters() external view {
        VM.assertEq(liftsByOthers, 0, "suspensions lifted by others than the governor");
    }

    function checkGovernor() external view {
        VM.assertTrue(registry.defaultAdmin() != address(0), "a governor");
        for (uint256 i = 0; i < actors.length; ++i) {
            VM.assertEq(registry.hasRole(0, actors[i]), actors[i] == registry.defaultAdmin(), "one governor");
        }
    }

    function _checkGovernance() private view {
        VM.assertEq(registry.defaultAdmin(), governor, "governor");
        VM.assertEq(registry.defaultAdminDelay(), _delay(), "delay");
        (address next, uint48 schedule) = registry.pendingDefaultAdmin();
        _checkSame(abi.encode(next, schedule), abi.encode(nextGovernor, nextGovernorAt), "next governor");
        for (uint256 i = 0; i < actors.length; ++i) {
            bytes32[2] memory roles = [GUARDIAN, OTHER_ROLE];
            for (uint256 j = 0; j < 2; ++j) {
                VM.assertEq(registry.hasRole(roles[j], actors[i]), holds[roles[j]][actors[i]], "role");
                VM.assertEq(lens.roleOfferOf(roles[j], actors[i]), offers[roles[j]][actors[i]], "offer");
            }
        }
    }

    function _checkAnchors(uint64 id) private view {
        IIssuerRegistry.AnchorRef[] memory refs = new IIssuerRegistry.AnchorRef[](someLists.length);
        IIssuerRegistry.Anchor[] memory expected = new IIssuerRegistry.Anchor[](someLists.length);
        for (uint256 i = 0; i < refs.length; ++i) {
            refs[i] = IIssuerRegistry.AnchorRef(id, someLists[i]);
            expected[i] = anchors[id][someLists[i]];
        }
        (, , IIssuerRegistry.Anchor[] memory found) = lens.anchorsOf(refs);
        _checkSame(abi.encode(found), abi.encode(expected), "anchors");
    }

    /// @dev Under none of its keys, for no card issued from then on.
    function _checkNeverTrusted(uint64 id, uint64 from) private view {
        for (uint256 i = 0; i < keyRefs.length; ++i) {
            if (keyRefs[i].issuerId == id) _checkNotTrusted(id, keyRefs[i].kid, from);
        }
    }

    function _checkNotTrusted(uint64 id, bytes32 kid, uint64 from) private view {
        uint64[4] memory times = [from, from + 1, _now(), _now() + 30 days];
        for (uint256 i = 0; i < times.length; ++i) {
            VM.assertEq(lens.isTrusted(isses[id], kid, times[i]), false, "never trusted");
        }
    }

    function _isTrusted(uint64 id, bytes32 kid, uint64 nbf) private view returns (bool) {
        IIssuerRegistry.Issuer memory issuer = issuers[id];
        IIssuerRegistry.Key memory key = keys[id][kid];
        if (issuer.held || jurisdictions[issuer.jurisdiction].suspended || burned[kid]) return false;
        if (key.state == IIssuerRegistry.KeyState.Compromised) return false;
        bool good =
            issuer.status == IIssuerRegistry.IssuerStatus.Active ||
                issuer.status == IIssuerRegistry.IssuerStatus.Retired;
        bool accredited = nbf >= issuer.accreditedFrom && (nbf < issuer.accreditedUntil || issuer.accreditedUntil == 0);
        return good && accredited && nbf >= key.validFrom && (nbf < key.validUntil || key.validUntil == 0);
    }

    function _checkSame(bytes memory found, bytes memory expected, string memory what) private pure {
        if (keccak256(found) != keccak256(expected)) VM.assertEq(found, expected, what);
    }
}
