// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {RegistryLog} from "./RegistryLog.sol";

/// @title Jurisdictions
/// @notice Opened and suspended by the governor, each with one accreditor.
abstract contract Jurisdictions is IIssuerRegistry, AccessControlDefaultAdminRules, RegistryLog {
    uint256 private constant MAX_NAME_BYTES = 200;
    bytes3 private constant BYTE_ORDER_MARK = 0xefbbbf;

    // One byte 32 times, to look at 32 characters at once.
    uint256 private constant EACH = type(uint256).max / 0xff;
    uint256 private constant SPACES = 0x20 * EACH;
    uint256 private constant DELETES = 0x7f * EACH;
    uint256 private constant HIGH_BITS = 0x80 * EACH;

    /// @dev Bit c is set if the character c may stand in a code: A-Z 0-9 -
    uint256 private constant CODE_CHARACTERS = (((1 << 26) - 1) << 0x41) | (((1 << 10) - 1) << 0x30) | (1 << 0x2d);

    struct JurisdictionRecord {
        address accreditor;
        bool suspended;
        bytes32 code;
    }

    // Records are kept under a short number, so that an issuer's record names its jurisdiction in four bytes.
    uint32 private _jurisdictionCount;
    mapping(bytes32 code => uint32 number) private _numbers;
    mapping(uint32 number => JurisdictionRecord) private _jurisdictions;

    /// @inheritdoc IIssuerRegistry
    function openJurisdiction(
        bytes32 jurisdiction,
        string calldata name,
        address accreditor
    ) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (!_isCode(jurisdiction)) revert InvalidJurisdictionCode(jurisdiction);
        if (_numbers[jurisdiction] != 0) revert JurisdictionExists(jurisdiction);
        if (accreditor == address(0)) revert ZeroAddress();
        _requireName(name);

        uint32 number = ++_jurisdictionCount;
        _numbers[jurisdiction] = number;
        _jurisdictions[number] = JurisdictionRecord(accreditor, false, jurisdiction);
        _append(
            JurisdictionOpened.selector,
            abi.encode(jurisdiction),
            abi.encode(msg.sender, _now(), accreditor, name)
        );
    }

    /// @inheritdoc IIssuerRegistry
    function setJurisdictionSuspended(
        bytes32 jurisdiction,
        bool suspended,
        uint16 reason
    ) external onlyRole(DEFAULT_ADMIN_ROLE) {
        JurisdictionRecord storage record = _jurisdictions[_numberOf(jurisdiction)];
        if (record.suspended == suspended) revert SuspensionUnchanged(jurisdiction, suspended);

        record.suspended = suspended;
        _append(
            JurisdictionSuspensionChanged.selector,
            abi.encode(jurisdiction),
            abi.encode(msg.sender, _now(), suspended, reason)
        );
    }

    /// @inheritdoc IIssuerRegistry
    function jurisdictionOf(bytes32 jurisdiction) external view returns (Jurisdiction memory) {
        JurisdictionRecord storage record = _jurisdictions[_numbers[jurisdiction]];
        return Jurisdiction(record.accreditor, record.suspended);
    }

    function _numberOf(bytes32 code) internal view returns (uint32 number) {
        number = _numbers[code];
        if (number == 0) revert UnknownJurisdiction(code);
    }

    function _codeOf(uint32 number) internal view returns (bytes32) {
        return _jurisdictions[number].code;
    }

    function _requireAccreditor(uint32 number) internal view {
        if (!_isAccreditor(number)) revert NotAccreditor(_codeOf(number), msg.sender);
    }

    function _isAccreditor(uint32 number) internal view returns (bool) {
        return _jurisdictions[number].accreditor == msg.sender;
    }

    /// @dev Asked by every write that can raise trust. Writes that only lower it stay possible in a suspended
    /// jurisdiction.
    function _requireNotSuspended(uint32 number) internal view {
        if (_jurisdictions[number].suspended) revert JurisdictionSuspended(_codeOf(number));
    }

    /// @dev No control characters, which would act on whatever shows the name. A byte order mark is dropped by decoders,
    /// and a name of nothing else would read as none. Invalid UTF-8 is dear to find; readers replace it.
    function _requireName(string calldata name) internal pure {
        uint256 length = bytes(name).length;
        if (length == 0 || length > MAX_NAME_BYTES) revert InvalidNameLength(length);
        if (bytes3(bytes(name)) == BYTE_ORDER_MARK) revert InvalidName();
        unchecked {
            for (uint256 i = 0; i < length; i += 32) {
                uint256 word = uint256(bytes32(bytes(name)[i:]));
                if (length - i < 32) word |= SPACES >> (8 * (length - i));
                // A byte below n leaves its high bit set in word - n. The lowest such byte does so for certain.
                uint256 deletes = word ^ DELETES;
                uint256 controls = ((word - SPACES) & ~word) | ((deletes - EACH) & ~deletes);
                if (controls & HIGH_BITS != 0) revert InvalidName();
            }
        }
    }

    function _isCode(bytes32 code) private pure returns (bool) {
        uint256 length = 0;
        while (length < 32 && code[length] != 0) {
            if ((CODE_CHARACTERS >> uint8(code[length])) & 1 == 0) return false;
            ++length;
        }
        return length > 0 && (length == 32 || code << (8 * length) == 0);
    }
}
