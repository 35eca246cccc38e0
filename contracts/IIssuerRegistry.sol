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
/// Texts and coordinates live in the log, proven by the head; storage holds states, windows, digests and anchors, each
/// where RegistryLayout says, for storage proofs and for the views of RegistryLens.
///
/// Who acts: the *governor* (OpenZeppelin's default admin, handed over in two steps after a delay that can only grow),
/// *guardians* who can suspend and nothing else, one *accreditor* a jurisdiction, one *controller* an issuer and an
/// *operator* who can only anchor for it. A role is handed over by its holder in two steps, at once; whoever stands above
/// can replace a holder whose account was lost or stolen, after the governor's delay, and the holder cannot prevent it.
///
/// Times are Unix seconds, at most 1e11: what is above is milliseconds by mistake. A `kid` is the RFC 7638 SHA-256
/// thumbprint of the key's JWK, computed here. A name is 1 to 200 bytes meant as UTF-8, without control characters
/// (below 0x20, 0x7f) and not beginning with a byte order mark; that it is UTF-8 is not checked, and readers replace
/// what is not.
///
/// A `reason` says why, for whoever reads the log; nothing here depends on it: 0 unspecified, 1 account or key
/// compromised, 2 accreditation lapsed, 3 fraud or misissuance, 4 ceased operation, 5 superseded, 6 technical fault,
/// 7 legal order; what is above is the sender's own.
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

    /// @notice Life of a venue. `Withdrawn` is final.
    enum VenueStatus {
        None,
        Active,
        Suspended,
        Withdrawn
    }

    /// @notice What an accreditor states of a new issuer.
    /// @param iss https URL of the issuer, no trailing slash, unique as written; its did:web is derived here
    /// @param name name shown to venues
    /// @param statusBase https URL under which the issuer publishes its status data; empty if none
    /// @param jurisdiction code of the jurisdiction, ASCII, left-aligned, e.g. "US-NY"
    /// @param controller account that registers keys and anchors; zero for an issuer that is only listed
    /// @param accreditedFrom a card issued (`nbf`) before is not covered
    /// @param accreditedUntil a card issued at or after is not covered; 0 for no end
    /// @param attestations bit set of what the accreditor has attested about the issuer: 0 print and digital access,
    /// 1 privacy protection, 2 vaccine policy, 3 completeness policy; bits above are the accreditor's own
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

    /// @notice A signing key with proof of possession.
    /// @param issuerId whose key it is
    /// @param x coordinate, 32 bytes big-endian
    /// @param y coordinate, 32 bytes big-endian
    /// @param validFrom the key signs no card with `nbf` before
    /// @param validUntil the key signs no card with `nbf` at or after; never 0
    /// @param revocation how its cards can be revoked
    /// @param r of the proof: ES256 by the key over `abi.encode("pratique/key-possession/1", chainid, address(this),
    /// uint256(issuerId), kid, validFrom, validUntil)`
    /// @param s of the proof, in the lower half
    struct NewKey {
        uint64 issuerId;
        bytes32 x;
        bytes32 y;
        uint64 validFrom;
        uint64 validUntil;
        RevocationMethod revocation;
        bytes32 r;
        bytes32 s;
    }

    /// @notice A key that the accreditor states of an issuer without controller.
    /// @param issuerId whose key it is
    /// @param x coordinate as published, 1 to 32 bytes
    /// @param y coordinate as published, 1 to 32 bytes
    /// @param validUntil the key signs no card with `nbf` at or after; 0 for no end
    /// @param revocation how its cards can be revoked
    struct ListedKey {
        uint64 issuerId;
        bytes x;
        bytes y;
        uint64 validUntil;
        RevocationMethod revocation;
    }

    /// @notice The revocation data of one list as of now.
    /// @param issuerId whose list it is
    /// @param list the kid, or keccak256 of another name
    /// @param root RFC 9162 Merkle tree hash of the list
    /// @param counter strictly rising from 1, at most 2^53 - 1, so that no reader rounds it
    /// @param length bits of a status list, entries of a list of rids; at most 2^53 - 1
    /// @param revoked cards revoked in it, at most `length`
    /// @param isFinal never to be followed by another; never ages
    struct NewAnchor {
        uint64 issuerId;
        bytes32 list;
        bytes32 root;
        uint64 counter;
        uint64 length;
        uint64 revoked;
        bool isFinal;
    }

    /// @notice A signature that stands for a transaction of `signer`, EIP-712 under the domain of `eip712Domain()`.
    /// @param signer the account, ECDSA with low s, or a contract that answers ERC-1271
    /// @param nonce `nonces(signer)`
    /// @param deadline last second at which it can be relayed
    /// @param signature over the instruction with nonce and deadline
    struct Instruction {
        address signer;
        uint256 nonce;
        uint256 deadline;
        bytes signature;
    }

    struct Issuer {
        bytes32 jurisdiction;
        address controller;
        address operator;
        IssuerStatus status;
        bool held;
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

    struct Venue {
        bytes32 jurisdiction;
        VenueStatus status;
    }

    struct Rules {
        bytes32 digest;
        uint64 version;
        uint64 validFrom;
    }

    /// @notice Who is to take over, from when on.
    /// @param account the next holder; zero if nobody is proposed
    /// @param notBefore when it may accept
    /// @param fromAbove whether it replaces the holder, who then can neither withdraw nor overwrite it
    struct Proposal {
        address account;
        uint64 notBefore;
        bool fromAbove;
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

    /// @notice Another account accredits from now on.
    event AccreditorChanged(
        uint64 indexed seq,
        bytes32 indexed jurisdiction,
        address by,
        uint64 time,
        address accreditor
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

    /// @notice Another status of the issuer, and why (see `reason` above).
    event IssuerStatusChanged(
        uint64 indexed seq,
        uint64 indexed issuerId,
        address by,
        uint64 time,
        IssuerStatus status,
        uint16 reason
    );

    /// @notice While held, the issuer counts as suspended, whatever its status.
    event IssuerHoldChanged(
        uint64 indexed seq,
        uint64 indexed issuerId,
        address by,
        uint64 time,
        bool held,
        uint16 reason
    );

    /// @notice What the accreditor states of the issuer from now on.
    event IssuerUpdated(
        uint64 indexed seq,
        uint64 indexed issuerId,
        address by,
        uint64 time,
        uint64 accreditedFrom,
        uint64 accreditedUntil,
        uint32 attestations,
        string name
    );

    /// @notice Where the issuer publishes its status data from now on; empty if nowhere.
    event IssuerStatusBaseChanged(
        uint64 indexed seq,
        uint64 indexed issuerId,
        address by,
        uint64 time,
        string statusBase
    );

    /// @notice Another account registers keys and anchors from now on; the operator is gone with the one before.
    event IssuerControllerChanged(
        uint64 indexed seq,
        uint64 indexed issuerId,
        address by,
        uint64 time,
        address controller
    );

    /// @notice The account that may anchor for the issuer and nothing else; zero for none.
    event IssuerOperatorChanged(uint64 indexed seq, uint64 indexed issuerId, address by, uint64 time, address operator);

    /// @notice The issuer belongs to another jurisdiction from now on; an operator that the accreditor before named is gone.
    event IssuerTransferred(
        uint64 indexed seq,
        uint64 indexed issuerId,
        bytes32 indexed jurisdiction,
        address by,
        uint64 time
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

    /// @notice Cards of the key can be revoked from now on.
    event KeyRevocationChanged(
        uint64 indexed seq,
        uint64 indexed issuerId,
        bytes32 indexed kid,
        address by,
        uint64 time,
        RevocationMethod revocation
    );

    /// @notice No card of this point is good, under any kid and any issuer, by a signature of the key itself. `kid` is
    /// the thumbprint over coordinates of 32 bytes.
    event KeyBurned(uint64 indexed seq, bytes32 indexed kid, address by, uint64 time, bytes32 x, bytes32 y);

    /// @notice Somebody who may ask holders for passes, so that they know who is asking.
    event VenueRegistered(
        uint64 indexed seq,
        uint64 indexed venueId,
        bytes32 indexed jurisdiction,
        address by,
        uint64 time,
        string did,
        string name
    );

    /// @notice Another name of the venue.
    event VenueRenamed(uint64 indexed seq, uint64 indexed venueId, address by, uint64 time, string name);

    /// @notice Another status of the venue, and why (see `reason` above).
    event VenueStatusChanged(
        uint64 indexed seq,
        uint64 indexed venueId,
        address by,
        uint64 time,
        VenueStatus status,
        uint16 reason
    );

    /// @notice A version of a rule set, or of another document that the jurisdiction publishes under an id; its end, if
    /// the digest is zero.
    event RulesPublished(
        uint64 indexed seq,
        bytes32 indexed jurisdiction,
        bytes32 indexed id,
        address by,
        uint64 time,
        uint64 version,
        uint64 validFrom,
        bytes32 digest,
        string uri
    );

    /// @notice The governor means another registry to follow this one. No reader follows without its operator.
    event SuccessorAnnounced(uint64 indexed seq, address indexed registry, address by, uint64 time, uint256 chainId);

    // ----------------------------------------------------- events outside the log

    /// @notice An account may accept a role from `notBefore` on.
    event RoleOffered(bytes32 indexed role, address indexed account, uint64 notBefore);

    /// @notice An account may accept to accredit; zero withdraws what was proposed.
    event AccreditorProposed(
        bytes32 indexed jurisdiction,
        address indexed account,
        address by,
        uint64 notBefore,
        bool fromAbove
    );

    /// @notice An account may accept to control; zero withdraws what was proposed.
    event ControllerProposed(
        uint64 indexed issuerId,
        address indexed account,
        address by,
        uint64 notBefore,
        bool fromAbove
    );

    /// @notice A jurisdiction may accept an issuer from `notBefore` on; zero withdraws the offer.
    event IssuerOffered(uint64 indexed issuerId, bytes32 indexed jurisdiction, address by, uint64 notBefore);

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
    error DelayNotAllowed(uint48 current, uint48 given);
    error RoleNotOffered(bytes32 role, address account, uint64 notBefore);
    error NotGuardian(address caller);
    error NotProposed(address caller, uint64 notBefore);
    error ProposedFromAbove(address account);
    error InvalidJurisdictionCode(bytes32 jurisdiction);
    error JurisdictionExists(bytes32 jurisdiction);
    error UnknownJurisdiction(bytes32 jurisdiction);
    error NotAccreditor(bytes32 jurisdiction, address caller);
    error JurisdictionSuspended(bytes32 jurisdiction);
    error SuspensionUnchanged(bytes32 jurisdiction, bool suspended);
    error InvalidIss(string iss);
    error InvalidUrl(string url);
    error InvalidDid(string did);
    error InvalidNameLength(uint256 length);
    error InvalidName();
    error IssuerExists(uint64 issuerId);
    error UnknownIssuer(uint64 issuerId);
    error InvalidWindow(uint64 from, uint64 until);
    error InvalidIssuerStatus(IssuerStatus from, IssuerStatus to);
    error IssuerNotActive(uint64 issuerId, IssuerStatus status);
    error IssuerHeld(uint64 issuerId);
    error HoldUnchanged(uint64 issuerId, bool held);
    error NotController(uint64 issuerId, address caller);
    error IssuerHasController(uint64 issuerId);
    error NotOffered(uint64 issuerId, address caller);
    error OfferedByGovernor(uint64 issuerId);
    error InvalidCoordinate();
    error PointNotOnCurve();
    error KeyExists(uint64 issuerId, bytes32 kid);
    error UnknownKey(uint64 issuerId, bytes32 kid);
    error KeyIsRetired(uint64 issuerId, bytes32 kid);
    error KeyIsCompromised(uint64 issuerId, bytes32 kid);
    error KeyIsBurned(bytes32 kid);
    error PossessionNotProven(bytes32 kid);
    error InvalidRevocation(RevocationMethod from, RevocationMethod to);
    error CounterNotRising(uint64 current, uint64 given);
    error AnchorIsFinal(uint64 issuerId, bytes32 list);
    error NothingAnchored(uint64 issuerId, bytes32 list);
    error InvalidAnchor();
    error VenueExists(uint64 venueId);
    error UnknownVenue(uint64 venueId);
    error InvalidVenueStatus(VenueStatus from, VenueStatus to);
    error VersionNotRising(uint64 current, uint64 given);
    error InvalidRules();
    error InstructionExpired(uint256 deadline);
    error InstructionNotSigned(address signer);

    // ----------------------------------------------------------------- writes

    /// @notice Take a role that the governor offered, once its delay is over.
    /// @dev `grantRole` only offers it. Of the roles, GUARDIAN alone has a meaning here.
    function acceptRole(bytes32 role) external;

    /// @notice Tell the log's readers which registry is to follow this one. Governor only.
    /// @dev Announced again, the last one counts; the zero address takes an announcement back.
    function announceSuccessor(uint256 chainId, address registry) external;

    /// @notice Open a jurisdiction. Governor only.
    function openJurisdiction(bytes32 jurisdiction, string calldata name, address accreditor) external;

    /// @notice Suspend a jurisdiction and with it all its issuers at once: governor or guardian. Lift that: governor.
    /// @dev Meanwhile its accreditor and issuers can only lower trust: suspend, withdraw, retire or compromise a key.
    /// Refused if it is as asked already, so that the log does not grow by repetition.
    function setJurisdictionSuspended(bytes32 jurisdiction, bool suspended, uint16 reason) external;

    /// @notice Name who is to accredit next: the accreditor itself, at once; or the governor, after its delay.
    /// @dev What the governor proposed, the accreditor cannot undo: its account may be in a thief's hands. Zero withdraws.
    /// An accreditor does not hand over while its jurisdiction is suspended. Neither proposals nor offers expire.
    function proposeAccreditor(bytes32 jurisdiction, address next) external;

    /// @notice Take over as accreditor. The proposed account only.
    function acceptAccreditor(bytes32 jurisdiction) external;

    /// @notice Publish a version of a rule set, or of another document that venues take from the jurisdiction. Accreditor.
    /// @dev `id` is written like a jurisdiction's code; versions of one id rise strictly; `uri` is where it may be found,
    /// https, or empty. The digest decides what is it, not the place; a digest of zero ends the rule set.
    function publishRules(
        bytes32 jurisdiction,
        bytes32 id,
        uint64 version,
        uint64 validFrom,
        bytes32 digest,
        string calldata uri
    ) external;

    /// @notice Register a venue. Accreditor of the jurisdiction only.
    /// @dev A DID stands once in each jurisdiction: what one says of it does not bind another.
    function registerVenue(
        bytes32 jurisdiction,
        string calldata did,
        string calldata name
    ) external returns (uint64 venueId);

    /// @notice Give a venue another name. Accreditor.
    function renameVenue(uint64 venueId, string calldata name) external;

    /// @notice Move a venue through its life: Active to Suspended and back, both to Withdrawn. Accreditor.
    function setVenueStatus(uint64 venueId, VenueStatus status, uint16 reason) external;

    /// @notice Register an issuer, Pending or Active. Accreditor of the jurisdiction only.
    /// @dev Hosts are compared as written: an `iss` in other capitals is another issuer, perhaps of another accreditor.
    /// Each is vouched for by its own, with a status and keys of its own: what ends one does not end the other.
    function registerIssuer(NewIssuer calldata issuer) external returns (uint64 issuerId);

    /// @notice Register many issuers, all or none. A hundred fit into 15 million gas.
    function listIssuers(NewIssuer[] calldata issuers) external;

    /// @notice State anew what an issuer is called, for which `nbf` it is accredited, and what was attested. Accreditor.
    /// @dev Pending, Active or Suspended issuers only: an end stays where it was set.
    function updateIssuer(
        uint64 issuerId,
        uint64 accreditedFrom,
        uint64 accreditedUntil,
        uint32 attestations,
        string calldata name
    ) external;

    /// @notice State anew where the issuer publishes its status data. Controller, or accreditor of a listed issuer.
    /// @dev This, `setOperator` and `proposeController` by the controller want an issuer that is neither suspended, held nor
    /// withdrawn, in a jurisdiction that is not suspended: who is stopped does not go on making the log longer.
    function setStatusBase(uint64 issuerId, string calldata statusBase) external;

    /// @notice Move an issuer through its life. Accreditor of its jurisdiction only.
    /// @dev Pending to Active, Active to Suspended and back, these two to Retired, all of them to Withdrawn: for ever, also
    /// in a suspended jurisdiction, and with it this `iss` in this registry.
    function setIssuerStatus(uint64 issuerId, IssuerStatus status, uint16 reason) external;

    /// @notice Suspend one issuer beside its status: governor or guardian. Lift that: governor.
    function setIssuerHeld(uint64 issuerId, bool held, uint16 reason) external;

    /// @notice Name who is to control the issuer next: the controller itself, or the accreditor of a listed issuer, at
    /// once; the accreditor of another, after the governor's delay.
    /// @dev As for accreditors: what the accreditor proposed over a controller's head, that controller cannot undo.
    function proposeController(uint64 issuerId, address next) external;

    /// @notice Take over as controller. The proposed account only.
    function acceptController(uint64 issuerId) external;

    /// @notice Name the account that may anchor, beside the controller; zero for none. Controller, or accreditor of a
    /// listed issuer.
    function setOperator(uint64 issuerId, address operator) external;

    /// @notice Offer an issuer to another jurisdiction: its accreditor, at once; or the governor, after its delay, so that
    /// nobody keeps an `iss` that is not its own; against one that withdraws it, it does not help. Zero withdraws the offer.
    function offerIssuer(uint64 issuerId, bytes32 jurisdiction) external;

    /// @notice Take an issuer that was offered. Accreditor of the other jurisdiction only.
    /// @dev Not out of a suspended jurisdiction, unless the governor offered it. Controller, keys, status and a hold go
    /// with it; a proposed controller does not, nor the operator of an issuer without controller.
    function acceptIssuer(uint64 issuerId) external;

    /// @notice Register a signing key with proof of possession. Controller only, issuer Pending or Active.
    function registerKey(NewKey calldata key) external returns (bytes32 kid);

    /// @notice The same by an instruction that the controller signed and anybody relays:
    /// `RegisterKey(uint64 issuerId,bytes32 x,bytes32 y,uint64 validFrom,uint64 validUntil,uint8 revocation,uint256
    /// nonce,uint256 deadline)`.
    function registerKeyBySignature(
        NewKey calldata key,
        Instruction calldata instruction
    ) external returns (bytes32 kid);

    /// @notice List keys of issuers that never touch the chain, all or none. Accreditor only, while the issuer has no
    /// controller and is Pending or Active. A hundred and fifty fit into 15 million gas.
    function listKeys(ListedKey[] calldata keys) external;

    /// @notice Begin to revoke cards of a key whose cards could not be. Controller, or accreditor of a listed issuer.
    /// @dev From None only: another way would forget what was revoked in the first.
    function setKeyRevocation(uint64 issuerId, bytes32 kid, RevocationMethod revocation) external;

    /// @notice Retire a key in good standing, now. Controller, or accreditor of a listed issuer. Once.
    /// @dev Its end never moves to a later time. Possible in a suspended jurisdiction, as it lowers trust.
    function retireKey(uint64 issuerId, bytes32 kid) external;

    /// @notice Report a key stolen. Controller or accreditor, always. Final.
    function compromiseKey(uint64 issuerId, bytes32 kid) external;

    /// @notice End a point of the curve under every kid and every issuer, now and later. Anybody, with a signature of the
    /// key itself: whoever finds a key lying about can do no better with it. Once.
    /// @dev ES256 (r, s; s low) over `abi.encode("pratique/key-burn/1", chainid, address(this), x, y)`. `issuerId` is any
    /// issuer that has the key: nobody makes the log longer with keys of no account.
    function burnKey(uint64 issuerId, bytes32 x, bytes32 y, bytes32 r, bytes32 s) external;

    /// @notice Anchor the current revocation data of one list. Controller, operator (not a final one), or accreditor of a listed issuer;
    /// the issuer Active, or Retired, since its older cards stay good.
    function anchor(NewAnchor calldata terms) external;

    /// @notice The same by an instruction that who may anchor signed and anybody relays:
    /// `Anchor(uint64 issuerId,bytes32 list,bytes32 root,uint64 counter,uint64 length,uint64 revoked,bool isFinal,uint256
    /// nonce,uint256 deadline)`.
    function anchorBySignature(NewAnchor calldata terms, Instruction calldata instruction) external;

    /// @notice Say of a list that its last anchor still stands, for an issuer gone dark. Accreditor.
    /// @dev Root, counter and counts stay; the time is now.
    function renewAnchor(uint64 issuerId, bytes32 list) external;

    // ------------------------------------------------------------------ views

    /// @notice The head of the log and the number of events in it.
    function logHead() external view returns (bytes32 head, uint64 size);

    /// @notice Words of storage as they are, in the order asked; where what stands is in RegistryLayout.
    function extsload(bytes32[] calldata slots) external view returns (bytes32[] memory words);

    /// @notice The contract of the views, made with this registry.
    function lens() external view returns (address);
}
