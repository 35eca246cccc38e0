// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {RegistryLog} from "./RegistryLog.sol";

/// @title Governance
/// @notice One governor, handed over in two steps; guardians that it offers a role to; delays that only grow.
abstract contract Governance is RegistryLog, IIssuerRegistry, AccessControlDefaultAdminRules {
    /// @notice The role whose holders can suspend, and nothing else.
    bytes32 public constant GUARDIAN = keccak256("GUARDIAN");

    /// @dev Beyond it, a delay in milliseconds by mistake, or a thief's, would keep governance from ever being handed over.
    uint48 private constant MAX_DELAY = 90 days;

    mapping(bytes32 role => mapping(address account => uint64 notBefore)) private _roleOffers;

    constructor(uint48 delay, address governor) AccessControlDefaultAdminRules(delay, governor) {
        if (delay > MAX_DELAY) revert DelayNotAllowed(0, delay);
    }

    modifier onlyGovernor() {
        _checkRole(DEFAULT_ADMIN_ROLE);
        _;
    }

    /// @notice Offer a role to an account, which may accept it after the delay. Governor only.
    /// @dev OpenZeppelin grants at once; here a stolen account of the governor makes no guardian unseen.
    function grantRole(bytes32 role, address account) public override onlyGovernor {
        if (role == DEFAULT_ADMIN_ROLE) revert AccessControlEnforcedDefaultAdminRules();
        uint64 notBefore = _afterDelay();
        _roleOffers[role][account] = notBefore;
        emit RoleOffered(role, account, notBefore);
    }

    /// @notice Take a role, or the offer of it, away. Governor only.
    function revokeRole(bytes32 role, address account) public override {
        super.revokeRole(role, account);
        delete _roleOffers[role][account];
    }

    /// @notice Change the delay, to a longer one only. Governor only.
    /// @dev OpenZeppelin would shorten it too, with notice: a stolen account of the governor could then hurry.
    function changeDefaultAdminDelay(uint48 newDelay) public override {
        uint48 current = defaultAdminDelay();
        if (newDelay < current || newDelay > MAX_DELAY) revert DelayNotAllowed(current, newDelay);
        super.changeDefaultAdminDelay(newDelay);
    }

    /// @notice Name the next governor. Governor only.
    /// @dev Not nobody: a registry without governor could not lift what a guardian suspended.
    function beginDefaultAdminTransfer(address newAdmin) public override {
        if (newAdmin == address(0)) revert ZeroAddress();
        super.beginDefaultAdminTransfer(newAdmin);
    }

    /// @inheritdoc IIssuerRegistry
    function acceptRole(bytes32 role) external {
        uint64 notBefore = _roleOffers[role][msg.sender];
        if (notBefore == 0 || notBefore > _now()) revert RoleNotOffered(role, msg.sender, notBefore);
        delete _roleOffers[role][msg.sender];
        _grantRole(role, msg.sender);
    }

    /// @inheritdoc IIssuerRegistry
    function announceSuccessor(uint256 chainId, address registry) external onlyGovernor {
        _append(
            SuccessorAnnounced.selector,
            bytes32(uint256(uint160(registry))),
            abi.encode(msg.sender, _now(), chainId)
        );
    }

    /// @dev To suspend: governor or guardian. To lift: the governor alone.
    function _requireMaySuspend(bool suspended) internal view {
        if (_isGovernor() || (suspended && hasRole(GUARDIAN, msg.sender))) return;
        revert NotGuardian(msg.sender);
    }

    function _isGovernor() internal view returns (bool) {
        return msg.sender == defaultAdmin();
    }

    /// @dev When what is done over somebody's head takes effect.
    function _afterDelay() internal view returns (uint64) {
        return _now() + defaultAdminDelay();
    }

    /// @dev Writes down who is to take over from `holder`. Who stands above a holder waits for the delay, and the holder
    /// does not undo it.
    function _propose(Proposal storage proposal, address holder, address next) internal {
        bool fromAbove = msg.sender != holder && holder != address(0);
        if (!fromAbove && proposal.fromAbove) revert ProposedFromAbove(proposal.account);
        proposal.account = next;
        proposal.notBefore = fromAbove ? _afterDelay() : _now();
        proposal.fromAbove = fromAbove && next != address(0);
    }

    function _requireProposed(Proposal storage proposal) internal view {
        if (proposal.account != msg.sender || proposal.notBefore > _now()) {
            revert NotProposed(msg.sender, proposal.notBefore);
        }
    }
}
