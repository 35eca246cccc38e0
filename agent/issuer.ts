import type { PassSubject } from '../credential/health-card.ts';
import { createIssuerAgent, type IssuerAgent } from './agent.ts';
import { issuePass, issuePlus, issueProduct } from './card-issuance.ts';
import type { Issuance, IssuedCard, IssueTerms } from './card-issuance.ts';
import type { Revocation } from './card-record.ts';
import { revokeAll, type CardChoice, type RevocationTerms } from './card-revocation.ts';
import { signBytes } from './card-signer.ts';
import { PolicyKeeper } from './issuance-policy.ts';
import { runBulk, type BulkOrder, type BulkReport } from './bulk/run-bulk.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerIdentity, RegistryBinding } from './issuer-identity.ts';
import { IssuerStore } from './issuer-store.ts';
import { assertPossessionMessage } from './possession.ts';
import type { LearnedTrust } from './registry-resolver.ts';
import { RegistryTie } from './registry-tie.ts';
import { SigningKeys, type KeyWindow, type SigningKey } from './signing-keys.ts';
import type { ProductName } from './products.ts';
import { statusOf } from './status-check.ts';
import { publishList, signList } from './status-publication.ts';
import { StatusLedger, type ListAnchor, type ListSnapshot } from './status-ledger.ts';

export type { IssuerIdentity, RegistryBinding } from './issuer-identity.ts';
export type { KeyWindow, SigningKey } from './signing-keys.ts';
export type { IssuedCard, IssueTerms } from './card-issuance.ts';
export type { Revocation } from './card-record.ts';
export type { ListAnchor, ListSnapshot } from './status-ledger.ts';

export interface OpenOptions {
  readonly dir: string;
  readonly passphrase: string;
  /** Unix seconds by this machine's clock, for what is not told a time. */
  readonly clock?: () => number;
}

/** One issuer: its folder opened by this process, its keys, its cards' indices, its tie to the chain. */
export class Issuer {
  readonly identity: IssuerIdentity;
  readonly agent: IssuerAgent;
  /** What this issuer counts by. */
  readonly policy: PolicyKeeper;
  readonly #store: IssuerStore;
  readonly signingKeys: SigningKeys;
  readonly #ledger: StatusLedger;
  readonly #clock: () => number;
  readonly #tie: RegistryTie;

  private constructor(
    store: IssuerStore,
    identity: IssuerIdentity,
    parts: {
      readonly keys: SigningKeys;
      readonly ledger: StatusLedger;
      readonly tie: RegistryTie;
      readonly clock: () => number;
    },
  ) {
    this.identity = identity;
    this.#store = store;
    this.signingKeys = parts.keys;
    this.#ledger = parts.ledger;
    this.#clock = parts.clock;
    this.#tie = parts.tie;
    this.policy = new PolicyKeeper(store);
    this.agent = createIssuerAgent({
      store,
      now: parts.clock,
      registry: () => this.#tie.view,
      checkStatus: async (entry) => statusOf(this.identity, parts.ledger, entry),
    });
  }

  /** See `openIssuer` of `issuer-folder.ts`. */
  static async open({ dir, passphrase, clock = () => Date.now() / 1000 }: OpenOptions): Promise<Issuer> {
    const store = await IssuerStore.open(dir, passphrase);
    try {
      const identity = await store.table<IssuerIdentity>('issuer').get('identity');
      const keys = await SigningKeys.open(store);
      const ledger = await StatusLedger.open(store);
      if (identity === undefined || !keys.all().every(({ kid }) => ledger.has(kid))) {
        throw new IssuerError('STORE_DAMAGED', 'The store has lost records that it must hold.');
      }
      const tie = await RegistryTie.open(store);
      const issuer = new Issuer(store, identity, { keys, ledger, tie, clock });
      const { iss } = identity;
      await issuer.agent.didManagerGetOrCreate({ alias: iss, provider: 'did:web', options: { iss } });
      return issuer;
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
  keys(): readonly SigningKey[] {
    return this.signingKeys.all();
  }

  /** Makes a P-256 key; it signs cards once the registry has it and its status list is anchored. */
  async createSigningKey(): Promise<SigningKey> {
    return this.signingKeys.create(this.agent, this.did, this.#clock(), (kid) => this.#ledger.addList(kid));
  }

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
  async bindRegistry(binding: RegistryBinding): Promise<void> {
    await this.#tie.bind(binding);
  }

  /** Takes over who is trusted from a replay of the registry's log: DIDs resolve from nothing else. */
  async learnRegistry(trust: LearnedTrust): Promise<void> {
    await this.#tie.learn(trust);
  }

  /**
   * Issues a Pass Plus from a FHIR bundle: minimised, held to what may be signed, signed in all forms, each verified
   * after signing, and on disk before it is returned. The bundle is not changed.
   *
   * BundleError; IssuerError NO_SIGNING_KEY, NOT_ANCHORED, KEY_NOT_VALID, CARD_TOO_LARGE, NOT_VERIFIED.
   */
  async issuePlus(bundle: unknown, terms: IssueTerms): Promise<IssuedCard> {
    return issuePlus(this.#issuance, bundle, terms);
  }

  /**
   * Issues one of the six products from a FHIR bundle, by the policy that this issuer keeps, bound to the holder's DID if
   * one is given.
   *
   * NotQualified; BundleError; IssuerError POLICY_MISSING and as `issuePlus`.
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

  /**
   * Issues a product to everybody in a file of FHIR bundles, one a line, into files of cards. What was begun goes on where
   * it is known to be done; see `runBulk`.
   */
  async issueBulk(order: BulkOrder): Promise<BulkReport> {
    const policy = await this.policy.kept();
    return runBulk({ ...this.#issuance, store: this.#store, clock: this.#clock, policy }, order);
  }

  /** Revokes a card by its id or rid, for good; on disk when it returns. IssuerError CARD_UNKNOWN, RID_AMBIGUOUS. */
  async revoke(
    idOrRid: string,
    { now = this.#clock(), reason = 'unspecified' }: RevocationTerms = {},
  ): Promise<Revocation> {
    return this.#ledger.revoke(idOrRid, Math.floor(now), reason);
  }

  /**
   * Revokes all cards of a person, of a lot, or of a bulk; each is on disk before it is given out. The cards of nobody are
   * no error.
   */
  revokeAll(
    which: CardChoice,
    { now = this.#clock(), reason = 'unspecified' }: RevocationTerms = {},
  ): AsyncGenerator<Revocation> {
    return revokeAll({ box: this.#store.box, ledger: this.#ledger }, which, { now: Math.floor(now), reason });
  }

  /** How many cards a key has signed, indices lost in a crash included. */
  issuedCount(kid: string): number {
    return this.#ledger.drawn(kid);
  }

  /** The status list of a key as it stands, with the counter under which to anchor it next and room for `room` cards more. */
  statusList(kid: string, room = 0): ListSnapshot {
    return this.#ledger.snapshot(kid, room);
  }

  /** What the chain holds of a key's list, as far as this issuer was told. */
  anchorOf(kid: string): ListAnchor | undefined {
    return this.#ledger.anchorOf(kid);
  }

  /** Records what the chain has confirmed; `reproducible` is false for a list this store never made: anchor again. */
  async anchored(kid: string, anchor: ListAnchor): Promise<{ readonly reproducible: boolean }> {
    return this.#ledger.confirm(kid, anchor);
  }

  /**
   * Writes the list of a key exactly as anchored under a folder, in every form; the answer is the files' paths, the
   * compact download first.
   *
   * IssuerError NOT_ANCHORED, ANCHOR_MISMATCH, OUTPUT_UNWRITABLE.
   */
  async publishStatus(kid: string, outDir: string): Promise<readonly string[]> {
    const version = this.#ledger.anchoredList(kid);
    const signer = { kid: this.signingKeys.signerFor(kid), now: this.#clock() };
    const signed = await signList(this.agent, { ...this.identity, kid }, version.list, signer);
    return publishList(outDir, version, { signed, earlier: this.#ledger.anchoredVersions(kid) });
  }

  /** Gives the folder up. */
  async close(): Promise<void> {
    await this.#store.close();
  }

  get #issuance(): Issuance {
    return {
      agent: this.agent,
      identity: this.identity,
      tagger: this.#store.box,
      ledger: this.#ledger,
      chooseKey: (at, kid) =>
        this.signingKeys.choose(at, kid, {
          isAnchored: (each) => this.#ledger.anchorOf(each) !== undefined,
          isTrusted: (each) => this.#tie.lets(this.did, each),
        }),
    };
  }
}
