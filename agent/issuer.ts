import type { PassSubject } from '../credential/health-card.ts';
import type { AuditReader } from './audit/audit-reader.ts';
import type { IssuerAgent } from './agent.ts';
import type { Anchoring } from './anchoring/anchoring.ts';
import { issuePass, issuePlus, issueProduct } from './card-issuance.ts';
import type { CardLookup } from './card-lookup.ts';
import type { Issuance, IssuedCard, IssueTerms } from './card-issuance.ts';
import type { CardPlace, Revocation } from './card-record.ts';
import { revokeAll, revokeSuperseded } from './card-revocation.ts';
import type { CardChoice, RevocationTerms, Supersession } from './card-revocation.ts';
import { signBytes } from './card-signer.ts';
import type { PolicyKeeper } from './issuance-policy.ts';
import type { BackupSummary } from './backup/backup-tally.ts';
import { writeBackup } from './backup/write-backup.ts';
import { runBulk, type BulkOrder, type BulkReport } from './bulk/run-bulk.ts';
import type { IssuerIdentity, RegistryBinding } from './issuer-identity.ts';
import { openParts, type IssuerParts, type OpenOptions } from './issuer-parts.ts';
import { IssuerStore } from './issuer-store.ts';
import { KeyRotation } from './key-rotation.ts';
import type { IssuerDecider } from './known-trust.ts';
import type { SharedDatabase } from './postgres/shared-database.ts';
import { assertPossessionMessage } from './possession.ts';
import type { LearnedTrust } from './registry-resolver.ts';
import type { RegistryTie } from './registry-tie.ts';
import type { Restoration } from './restoration.ts';
import type { TokenPlace } from './signer.ts';
import type { Signers } from './signers.ts';
import type { KeyWindow, SigningKey, SigningKeys } from './signing-keys.ts';
import type { ProductName } from './products.ts';
import type { ServiceStore } from './service/service-store.ts';
import { publishList, signList } from './status-publication.ts';
import type { Aside, ListAnchor, ListSnapshot, StatusLedger } from './status-ledger.ts';

export type { OpenOptions } from './issuer-parts.ts';
export type { KeyWindow, SigningKey } from './signing-keys.ts';
export type { IssuedCard, IssueTerms } from './card-issuance.ts';
export type { TokenPlace } from './signer.ts';
export type { ListAnchor, ListSnapshot } from './status-ledger.ts';

/** One issuer: its folder opened by this process, its keys, its cards' indices, its tie to the chain. */
export class Issuer {
  readonly identity: IssuerIdentity;
  readonly agent: IssuerAgent;
  /** What this issuer counts by. */
  readonly policy: PolicyKeeper;
  /** What it means to anchor, and what became of it. */
  readonly anchoring: Anchoring;
  /** Where in a change of keys it is. */
  readonly rotation: KeyRotation;
  /** What it says of cards that it is shown. */
  readonly decider: IssuerDecider;
  readonly #store: IssuerStore;
  readonly signingKeys: SigningKeys;
  /** What is still to be learned after a restore. */
  readonly restoration: Restoration;
  readonly #ledger: StatusLedger;
  readonly cards: CardLookup;
  readonly #clock: () => number;
  readonly #tie: RegistryTie;
  readonly #signers: Signers;
  readonly #issuance: Issuance;

  private constructor(store: IssuerStore, parts: IssuerParts, clock: () => number) {
    const { identity, keys, ledger, policy, tie, anchoring, restoration, agent, signers, issuance } = parts;
    this.identity = identity;
    this.decider = parts.decider;
    this.#store = store;
    this.signingKeys = keys;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#tie = tie;
    this.anchoring = anchoring;
    this.policy = policy;
    this.rotation = new KeyRotation(store);
    this.restoration = restoration;
    this.agent = agent;
    this.#signers = signers;
    this.#issuance = issuance;
    this.cards = parts.cards;
  }

  /** See `openIssuer` of `issuer-folder.ts`. */
  static async open(options: OpenOptions): Promise<Issuer> {
    const { dir, passphrase, clock = () => Date.now() / 1000, askPin, database } = options;
    const store = await IssuerStore.open(dir, passphrase, clock, database);
    try {
      return new Issuer(store, await openParts(store, clock, askPin), clock);
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  get iss(): string {
    return this.identity.iss;
  }

  get did(): string {
    return this.identity.did;
  }

  get registry(): RegistryBinding | undefined {
    return this.#tie.binding;
  }

  /** All keys, oldest first. */
  readonly keys = (): readonly SigningKey[] => this.signingKeys.all();

  /**
   * Makes a P-256 key, in the folder or on a token; it signs cards once the registry has it and its status list is
   * anchored.
   *
   * IssuerError as `Signer.create`.
   */
  async createSigningKey(place?: TokenPlace): Promise<SigningKey> {
    const now = this.#clock();
    return this.signingKeys.create(this.agent, this.did, { now, place }, (kid) => this.#ledger.addList(kid));
  }

  /** The token that holds the private part of a key; undefined for those that the folder holds, or nothing does. */
  readonly placeOf = async (kid: string): Promise<TokenPlace | undefined> => this.#signers.placeOf(kid);

  /**
   * Signs the registry's key possession message with the key itself: the 64 bytes r ‖ s over SHA-256 of it, once.
   *
   * IssuerError OPERATION_UNSUPPORTED for any other message, KEY_UNKNOWN.
   */
  async provePossession(kid: string, message: Uint8Array): Promise<Uint8Array> {
    this.signingKeys.get(kid);
    assertPossessionMessage(message, kid);
    return signBytes(this.agent, kid, message);
  }

  /** Records the window in which the registry lets a key sign. IssuerError KEY_UNKNOWN. */
  async recordKeyWindow(kid: string, window: KeyWindow): Promise<void> {
    await this.signingKeys.recordWindow(kid, window);
  }

  /** Ties the issuer to the registry that accredits it. */
  readonly bindRegistry = async (binding: RegistryBinding): Promise<void> => this.#tie.bind(binding);

  /** Takes over who is trusted from a replay of the registry's log: DIDs resolve from nothing else. */
  async learnRegistry(trust: LearnedTrust): Promise<void> {
    await this.#tie.learn(trust, this.#clock());
    await this.restoration.recordEnds(this.did, Math.floor(this.#clock()));
  }

  /**
   * Issues a Pass Plus from a FHIR bundle: minimised, held to what may be signed, signed in all forms, each verified
   * after signing, and on disk before it is returned. The bundle is not changed.
   *
   * BundleError; IssuerError NO_SIGNING_KEY, NOT_ANCHORED, ANCHOR_MISMATCH, KEY_NOT_VALID, NOT_ACCREDITED, IDENTITY_DIFFERS, CARD_TOO_LARGE,
   * NOT_VERIFIED.
   */
  async issuePlus(bundle: unknown, terms: IssueTerms): Promise<IssuedCard> {
    return issuePlus(this.#issuance, bundle, terms);
  }

  /**
   * Issues one of the six products from a FHIR bundle, by the policy that this issuer keeps, bound to the holder's DID if
   * one is given.
   *
   * NotPlausible; NotQualified; BundleError; IssuerError POLICY_MISSING and as `issuePlus`.
   */
  async issueProduct(
    name: ProductName,
    bundle: unknown,
    { holder, ...terms }: IssueTerms & { readonly holder?: string },
  ): Promise<IssuedCard> {
    return issueProduct(this.#issuance, name, {
      bundle,
      policy: await this.policy.counting(),
      holder,
      ...terms,
    });
  }

  /** Issues a Pass with the claims as given, which end at `exp` in Unix seconds. Errors as `issuePlus`, and FormatError. */
  async issuePass(claims: PassSubject & { readonly exp: number }, terms: IssueTerms): Promise<IssuedCard> {
    return issuePass(this.#issuance, claims, terms);
  }

  /** Issues a product to everybody in a file of FHIR bundles, one a line, into files of cards; see `runBulk`. */
  async issueBulk(order: BulkOrder): Promise<BulkReport> {
    const policy = await this.policy.kept();
    return runBulk({ ...this.#issuance, store: this.#store, clock: this.#clock, policy }, order);
  }

  /** Revokes a card by its id or rid, for good; on disk when it returns. IssuerError CARD_UNKNOWN, RID_AMBIGUOUS. */
  async revoke(
    idOrRid: string,
    {
      now = this.#clock(),
      reason = 'unspecified',
      also,
    }: RevocationTerms & { readonly also?: (card: CardPlace) => Aside } = {},
  ): Promise<Revocation> {
    return this.#ledger.revoke(idOrRid, Math.floor(now), reason, also);
  }

  /** Revokes all cards of a person, of a lot, or of a bulk; each is on disk before it is given out. */
  revokeAll(
    which: CardChoice,
    { now = this.#clock(), reason = 'unspecified', ...terms }: RevocationTerms = {},
  ): AsyncGenerator<Revocation> {
    const issuer = { box: this.#store.box, ledger: this.#ledger };
    return revokeAll(issuer, which, { ...terms, now: Math.floor(now), reason });
  }

  /** Revokes the cards of a bulk that a later one has replaced; each is on disk before it is given out. See `revokeSuperseded`. */
  revokeSuperseded(
    which: Supersession,
    { now = this.#clock(), stop }: RevocationTerms = {},
  ): AsyncGenerator<Revocation> {
    const terms = { now: Math.floor(now), ...(stop === undefined ? {} : { stop }) };
    return revokeSuperseded({ store: this.#store, ledger: this.#ledger }, which, terms);
  }

  /** How many indices of a key are taken: those of its cards, of refused lines of a bulk, and lost in a crash or a restore. */
  issuedCount(kid: string): number {
    return this.#ledger.drawn(kid);
  }

  /** The status list of a key as it stands, with the counter under which to anchor it next and room for `room` cards more. */
  statusList(kid: string, room = 0): ListSnapshot {
    return this.#ledger.snapshot(kid, room);
  }

  /** How many cards the anchored list of a key has room for, and whether the next anchor should make more. */
  roomOf(kid: string): { readonly free: number; readonly short: boolean } {
    return this.#ledger.room(kid);
  }

  /** What the chain holds of a key's list, as far as this issuer was told. */
  anchorOf(kid: string): ListAnchor | undefined {
    return this.#ledger.anchorOf(kid);
  }

  /** Records an anchor of ours that landed. IssuerError ANCHOR_MISMATCH. */
  async anchored(kid: string, anchor: ListAnchor): Promise<{ readonly reproducible: boolean }> {
    return this.#ledger.confirm(kid, anchor);
  }

  /**
   * Writes the list of a key as anchored under a folder, in every form; the answer is the files' paths, the compact download
   * first. IssuerError NOT_ANCHORED, ANCHOR_MISMATCH, OUTPUT_UNWRITABLE.
   */
  async publishStatus(kid: string, outDir: string): Promise<readonly string[]> {
    const version = this.#ledger.anchoredList(kid);
    const signer = { kid: this.signingKeys.signerFor(kid), now: this.#clock() };
    const signed = await signList(this.agent, { ...this.identity, kid }, version.list, signer);
    return publishList(outDir, version, { signed, earlier: this.#ledger.anchoredVersions(kid) });
  }

  /** As `IssuerStore.assertWhole`; what rests on a card not being there does so by itself. IssuerError AUDIT_BROKEN. */
  readonly assertWhole = async (): Promise<void> => this.#store.assertWhole();

  /** The audit log of its store. */
  get audit(): AuditReader {
    return this.#store.audit;
  }

  /** Writes all of the folder into one file, to be restored by `restoreBackup`. IssuerError as `writeBackup`. */
  async backup(path: string): Promise<BackupSummary> {
    await this.assertWhole();
    return writeBackup(this.#store, path, this.#clock());
  }

  /**
   * Refuses a moment (Unix seconds) at which it can issue nothing. IssuerError as `SigningKeys.choose`, NOT_ACCREDITED;
   * STORE_UNAVAILABLE if it has not heard of other agents for some seconds.
   */
  assertReady(now: number): void {
    this.#store.assertCurrent();
    const { kid } = this.#issuance.chooseKey(Math.floor(now), undefined);
    this.#issuance.trustIn(kid);
  }

  /** What it agrees on with other agents on the same database; undefined if its folder is its own. */
  get shared(): SharedDatabase | undefined {
    return this.#store.shared;
  }

  /** What its service keeps in its store, and whether it knows what other agents have written there. */
  get service(): ServiceStore {
    return this.#store;
  }

  /** Gives the folder up, and logs out of its tokens. */
  async close(): Promise<void> {
    await this.#signers.close();
    await this.#store.close();
  }
}
