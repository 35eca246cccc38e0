// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Pratique issuer registry
/// @notice Who may issue health passes, with which keys, and where their revocation data stands; nothing of a person.
/// @dev Every change of who is trusted appends one *log event* and moves `head`:
///
///   head_0  = keccak256(abi.encode("pratique/log/1", chainid, address(this)))
///   head_n' = keccak256(head_n ++ keccak256(uint8(topicCount) ++ topics ++ data))
///
/// over exactly the topics and data of the emitted log. The log events are the ones under "Log events" below: a closed
/// list, none anonymous, their first indexed parameter is `uint64 seq` (0 for the first), their data begins with `by`
/// and `time`. A reader replays them from any source, recomputes `head` and compares 32 bytes. Revocation anchors are
/// current state, not log: daily anchors of every issuer would grow it without bound.
///
/// Times are Unix seconds, at most 1e11: what is above is milliseconds by mistake. A `kid` is the RFC 7638 SHA-256
/// thumbprint of the key's JWK, computed here. A name is 1 to 200 bytes meant as UTF-8, without control characters
/// (below 0x20, 0x7f) and not beginning with a byte order mark; that it is UTF-8 is not checked, and readers replace
/// what is not.
interface IIssuerRegistry {
    // ------------------------------------------------------------------ types

    /// @notice Life of an issuer. `Retired` and `Withdrawn` are final.
    /// @dev Retired: stopped in good standing, cards issued before stay good. Withdrawn: for cause, every card dies.
    enum IssuerStatus {
        None,
        Pending,
        Active,
        Suspended,
        Retired,
        Withdrawn
    }

    /// @notice Life of a key under one issuer. `Compromised` is final: a thief can back-date, so every card dies.
    enum KeyState {
        None,
        Active,
        Retired,
        Compromised
    }

    /// @notice How, if at all, cards of a key can be revoked: by a bit of a status list, or by a list of rids.
    enum RevocationMethod {
        None,
        Bits,
        Rids
    }

    /// @notice What an accreditor states of a new issuer.
    /// @param iss https URL of the issuer, no trailing slash, unique as written; its did:web is derived here
    /// @param name name shown to venues
    /// @param statusBase https URL under which the issuer publishes its status data; empty if none
    /// @param jurisdiction code of the jurisdiction, ASCII, left-aligned, e.g. "US-NY"
    /// @param controller account that registers keys and anchors; zero for an issuer that is only listed
    /// @param accreditedFrom a card issued (`nbf`) before is not covered
    /// @param accreditedUntil a card issued at or after is not covered; 0 for no end
    /// @param attestations bit set of what the accreditor has attested about the issuer
    /// @param status Pending or Active
    struct NewIssuer {
        string iss;
        string name;
        string statusBase;
        bytes32 jurisdiction;
        address controller;
        uint64 accreditedFrom;
        uint64 accreditedUntil;
        uint32 attestations;
        IssuerStatus status;
    }

    struct Issuer {
        bytes32 jurisdiction;
        address controller;
        IssuerStatus status;
        uint64 accreditedFrom;
        uint64 accreditedUntil;
        uint32 attestations;
    }

    struct Key {
        uint64 validFrom;
        uint64 validUntil;
        KeyState state;
        RevocationMethod revocation;
        bool listed;
    }

    struct Jurisdiction {
        address accreditor;
        bool suspended;
    }

    /// @notice The current revocation data of one list of an issuer, as a root to compare with.
    /// @param root RFC 9162 Merkle tree hash of the list
    /// @param counter strictly rising
    /// @param length bits of a status list; entries of a list of rids
    /// @param revoked cards revoked in it
    /// @param time block time of the anchoring
    /// @param isFinal never to be followed by another; never ages
    struct Anchor {
        bytes32 root;
        uint64 counter;
        uint64 length;
        uint64 revoked;
        uint56 time;
        bool isFinal;
    }

    /// @notice Names one list: `list` is the kid, or keccak256 of another name.
    struct AnchorRef {
        uint64 issuerId;
        bytes32 list;
    }

    // ------------------------------------------------------------- log events

    /// @notice A jurisdiction with its accreditor.
    event JurisdictionOpened(
        uint64 indexed seq,
        bytes32 indexed jurisdiction,
        address by,
        uint64 time,
        address accreditor,
        string name
    );

    /// @notice While suspended, none of its issuers is trusted.
    event JurisdictionSuspensionChanged(
        uint64 indexed seq,
        bytes32 indexed jurisdiction,
        address by,
        uint64 time,
        bool suspended,
        uint16 reason
    );

    /// @notice An issuer, Pending or Active; `did` is the did:web of `iss`.
    event IssuerRegistered(
        uint64 indexed seq,
        uint64 indexed issuerId,
        bytes32 indexed jurisdiction,
        address by,
        uint64 time,
        address controller,
        IssuerStatus status,
        uint64 accreditedFrom,
        uint64 accreditedUntil,
        uint32 attestations,
        string did,
        string iss,
        string name,
        string statusBase
    );

    /// @notice `reason` is a code of the accreditor.
    event IssuerStatusChanged(
        uint64 indexed seq,
        uint64 indexed issuerId,
        address by,
        uint64 time,
        IssuerStatus status,
        uint16 reason
    );

    /// @notice A key whose possession was proven on chain.
    event KeyRegistered(
        uint64 indexed seq,
        uint64 indexed issuerId,
        bytes32 indexed kid,
        address by,
        uint64 time,
        bytes32 x,
        bytes32 y,
        uint64 validFrom,
        uint64 validUntil,
        RevocationMethod revocation
    );

    /// @notice A key stated by the accreditor, without proof; coordinates as published (1 to 32 bytes). validFrom is 0,
    /// validUntil 0 is no end.
    event KeyListed(
        uint64 indexed seq,
        uint64 indexed issuerId,
        bytes32 indexed kid,
        address by,
        uint64 time,
        bytes x,
        bytes y,
        uint64 validUntil,
        RevocationMethod revocation
    );

    /// @notice The key signs no card with `nbf` at or after `validUntil`; older cards stay good.
    event KeyRetired(
        uint64 indexed seq,
        uint64 indexed issuerId,
        bytes32 indexed kid,
        address by,
        uint64 time,
        uint64 validUntil
    );

    /// @notice No card of the key is good, whatever its date.
    event KeyCompromised(uint64 indexed seq, uint64 indexed issuerId, bytes32 indexed kid, address by, uint64 time);

    // ----------------------------------------------------- events outside the log

    /// @notice The revocation data of a list as of now; for auditors, not in the log.
    event RevocationAnchored(
        uint64 indexed issuerId,
        bytes32 indexed list,
        address by,
        bytes32 root,
        uint64 counter,
        uint64 length,
        uint64 revoked,
        bool isFinal
    );

    // ----------------------------------------------------------------- errors

    error ZeroAddress();
    error InvalidJurisdictionCode(bytes32 jurisdiction);
    error JurisdictionExists(bytes32 jurisdiction);
    error UnknownJurisdiction(bytes32 jurisdiction);
    error NotAccreditor(bytes32 jurisdiction, address caller);
    error JurisdictionSuspended(bytes32 jurisdiction);
    error SuspensionUnchanged(bytes32 jurisdiction, bool suspended);
    error InvalidIss(string iss);
    error InvalidStatusBase(string statusBase);
    error InvalidNameLength(uint256 length);
    error InvalidName();
    error IssuerExists(uint64 issuerId);
    error UnknownIssuer(uint64 issuerId);
    error InvalidWindow(uint64 from, uint64 until);
    error InvalidIssuerStatus(IssuerStatus from, IssuerStatus to);
    error IssuerNotActive(uint64 issuerId, IssuerStatus status);
    error NotController(uint64 issuerId, address caller);
    error IssuerHasController(uint64 issuerId);
    error InvalidCoordinate();
    error PointNotOnCurve();
    error KeyExists(uint64 issuerId, bytes32 kid);
    error UnknownKey(uint64 issuerId, bytes32 kid);
    error KeyIsRetired(uint64 issuerId, bytes32 kid);
    error KeyIsCompromised(uint64 issuerId, bytes32 kid);
    error PossessionNotProven(bytes32 kid);
    error CounterNotRising(uint64 current, uint64 given);
    error AnchorIsFinal(uint64 issuerId, bytes32 list);
    error InvalidAnchor();

    // ----------------------------------------------------------------- writes

    /// @notice Open a jurisdiction. Governor only.
    function openJurisdiction(bytes32 jurisdiction, string calldata name, address accreditor) external;

    /// @notice Suspend a jurisdiction and with it all its issuers at once, or lift that. Governor only.
    /// @dev Meanwhile its accreditor and issuers can only lower trust: suspend, withdraw, retire or compromise a key.
    /// Refused if it is as asked already, so that the log does not grow by repetition.
    function setJurisdictionSuspended(bytes32 jurisdiction, bool suspended, uint16 reason) external;

    /// @notice Register an issuer, Pending or Active. Accreditor of the jurisdiction only.
    /// @dev Hosts are compared as written: an `iss` in other capitals is another issuer, perhaps of another accreditor.
    /// Each is vouched for by its own, with a status and keys of its own: what ends one does not end the other.
    function registerIssuer(NewIssuer calldata issuer) external returns (uint64 issuerId);

    /// @notice Move an issuer through its life. Accreditor of its jurisdiction only.
    /// @dev Pending to Active, Active to Suspended and back; each of the three to Retired or Withdrawn, and Retired to
    /// Withdrawn.
    function setIssuerStatus(uint64 issuerId, IssuerStatus status, uint16 reason) external;

    /// @notice Register a signing key with proof of possession. Controller only, issuer Pending or Active.
    /// @dev The proof is ES256 by the key itself (r, s; s low) over SHA-256, once, of
    /// `abi.encode("pratique/key-possession/1", chainid, address(this), uint256(issuerId), kid, from, until)`, the last
    /// two being `validFrom` and `validUntil`.
    function registerKey(
        uint64 issuerId,
        bytes32 x,
        bytes32 y,
        uint64 validFrom,
        uint64 validUntil,
        RevocationMethod revocation,
        bytes32 r,
        bytes32 s
    ) external returns (bytes32 kid);

    /// @notice List a key of an issuer that never touches the chain. Accreditor only, while the issuer has no
    /// controller and is Pending or Active.
    /// @dev Coordinates as published, 1 to 32 bytes; `validUntil` 0 for no end.
    function listKey(
        uint64 issuerId,
        bytes calldata x,
        bytes calldata y,
        uint64 validUntil,
        RevocationMethod revocation
    ) external returns (bytes32 kid);

    /// @notice Retire a key in good standing, now. Controller, or accreditor of a listed issuer. Once.
    /// @dev Its end never moves to a later time. Possible in a suspended jurisdiction, as it lowers trust.
    function retireKey(uint64 issuerId, bytes32 kid) external;

    /// @notice Report a key stolen. Controller or accreditor, always. Final.
    function compromiseKey(uint64 issuerId, bytes32 kid) external;

    /// @notice Anchor the current revocation data of one list. Controller, or accreditor of a listed issuer; the issuer
    /// Active, or Retired, since its older cards stay good.
    /// @dev `counter` rises strictly, from 1; `revoked` <= `length`; counter and length are at most 2^53 - 1, so that
    /// no reader rounds them; a final anchor is the last.
    function anchor(
        uint64 issuerId,
        bytes32 list,
        bytes32 root,
        uint64 counter,
        uint64 length,
        uint64 revoked,
        bool isFinal
    ) external;

    // ------------------------------------------------------------------ views

    /// @notice The head of the log and the number of events in it.
    function logHead() external view returns (bytes32 head, uint64 size);

    /// @notice The id of an issuer by its `iss`, exactly as registered; 0 if none.
    function issuerIdOf(string calldata iss) external view returns (uint64);

    /// @notice An issuer; status None if there is none.
    function issuerOf(uint64 issuerId) external view returns (Issuer memory);

    /// @notice A jurisdiction; accreditor zero if there is none.
    function jurisdictionOf(bytes32 jurisdiction) external view returns (Jurisdiction memory);

    /// @notice A key under an issuer; state None if there is none.
    function keyOf(uint64 issuerId, bytes32 kid) external view returns (Key memory);

    /// @notice The anchors of many lists, with the head and size of the log at the same block.
    function anchorsOf(
        AnchorRef[] calldata refs
    ) external view returns (bytes32 head, uint64 size, Anchor[] memory anchors);
}
