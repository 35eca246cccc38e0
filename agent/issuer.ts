import { minimiseBundle, parseBundle } from '../credential/fhir-bundle.ts';
import {
  encodeCardPayload,
  HEALTH_CARD_TYPE,
  type HealthCard,
  type Pass,
  type PassSubject,
} from '../credential/health-card.ts';
import { ridFromIndex } from '../credential/status-list.ts';
import { statusListUrl } from '../credential/verifiable-credential.ts';
import { createIssuerAgent, type IssuerAgent } from './agent.ts';
import type { CardRecord, Revocation } from './card-record.ts';
import { signBytes, signCard, type SignedForms } from './card-signer.ts';
import { IssuerError } from './issuer-error.ts';
import { newIdentity, type IssuerIdentity, type RegistryBinding } from './issuer-identity.ts';
import { IssuerStore, type Table } from './issuer-store.ts';
import { assertPossessionMessage } from './possession.ts';
import { registryView, type LearnedTrust, type RegistryView } from './registry-resolver.ts';
import { SigningKeys, type KeyWindow, type SigningKey } from './signing-keys.ts';
import { assertFits, assertSignable } from './signable.ts';
import { publishList, signList } from './status-publication.ts';
import { StatusLedger, type ListAnchor, type ListSnapshot } from './status-ledger.ts';

export type { IssuerIdentity, RegistryBinding } from './issuer-identity.ts';
export type { KeyWindow, SigningKey } from './signing-keys.ts';
export type { Revocation } from './card-record.ts';
export type { ListAnchor, ListSnapshot } from './status-ledger.ts';

/** A card in all its forms, signed by one key, with one index. */
export type IssuedCard = CardRecord & SignedForms;

/** When, and with which key if not the newest that may sign; `now` in Unix seconds, fractions dropped. */
export interface IssueTerms {
  readonly now: number;
  readonly kid?: string;
}

export interface OpenOptions {
  readonly dir: string;
  readonly passphrase: string;
  /** Unix seconds by this machine's clock, for what is not told a time. */
  readonly clock?: () => number;
}

export interface InitOptions extends OpenOptions {
  readonly iss: string;
  readonly name: string;
  /** `iss` unless said. */
  readonly statusBase?: string;
  /** scrypt's N, 2^17 unless said. */
  readonly kdfCost?: number;
}

/**
 * Makes a new issuer's folder and opens it.
 *
 * FormatError for an `iss` or `statusBase` that is none; IssuerError STORE_EXISTS, PASSPHRASE_TOO_SHORT, ISSUER_INVALID,
 * STORE_UNAVAILABLE.
 */
export async function initIssuer(options: InitOptions): Promise<Issuer> {
  const { dir, passphrase, kdfCost } = options;
  const identity = newIdentity(options);
  await IssuerStore.create(
    dir,
    passphrase,
    (store) => [store.table<IssuerIdentity>('issuer').put('identity', identity)],
    kdfCost,
  );
  return Issuer.open(options);
}

/**
 * Opens an issuer's folder for this process alone.
 *
 * IssuerError STORE_MISSING, STORE_LOCKED, WRONG_PASSPHRASE, STORE_DAMAGED, STORE_UNAVAILABLE.
 */
export async function openIssuer(options: OpenOptions): Promise<Issuer> {
  return Issuer.open(options);
}

/** One issuer: its folder opened by this process, its keys, its cards' indices, its tie to the chain. */
export class Issuer {
  readonly identity: IssuerIdentity;
  readonly agent: IssuerAgent;
  readonly #store: IssuerStore;
  readonly #keys: SigningKeys;
  readonly #ledger: StatusLedger;
  readonly #clock: () => number;
  readonly #bindings: Table<RegistryBinding>;
  readonly #views: Table<RegistryView>;
  #binding: RegistryBinding | undefined;
  #view: RegistryView = { issuers: [], keys: [] };

  private constructor(
    store: IssuerStore,
    identity: IssuerIdentity,
    parts: { readonly keys: SigningKeys; readonly ledger: StatusLedger; readonly clock: () => number },
  ) {
    this.identity = identity;
    this.#store = store;
    this.#keys = parts.keys;
    this.#ledger = parts.ledger;
    this.#clock = parts.clock;
    this.#bindings = store.table('registry');
    this.#views = store.table('registry-view');
    this.agent = createIssuerAgent({
      store,
      now: parts.clock,
      registry: () => this.#view,
      checkStatus: async (entry) => this.#statusOf(entry['statusListCredential'], entry['statusListIndex']),
    });
  }

  /** See `openIssuer`. */
  static async open({ dir, passphrase, clock = () => Date.now() / 1000 }: OpenOptions): Promise<Issuer> {
    const store = await IssuerStore.open(dir, passphrase);
    try {
      const identity = await store.table<IssuerIdentity>('issuer').get('identity');
      const keys = await SigningKeys.open(store);
      const ledger = await StatusLedger.open(store);
      if (identity === undefined || !keys.all().every(({ kid }) => ledger.has(kid))) {
        throw new IssuerError('STORE_DAMAGED', 'The store has lost records that it must hold.');
      }
      const issuer = new Issuer(store, identity, { keys, ledger, clock });
      issuer.#binding = await issuer.#bindings.get('binding');
      issuer.#view = (await issuer.#views.get('view')) ?? issuer.#view;
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
    return this.#binding;
  }

  /** All keys, oldest first. */
  keys(): readonly SigningKey[] {
    return this.#keys.all();
  }

  /** Makes a P-256 key; it signs cards once the registry has it and its status list is anchored. */
  async createSigningKey(): Promise<SigningKey> {
    return this.#keys.create(this.agent, this.did, this.#clock(), (kid) => this.#ledger.addList(kid));
  }

  /**
   * Signs the registry's key possession message with the key itself: the 64 bytes r ‖ s over SHA-256 of it, once.
   *
   * IssuerError OPERATION_UNSUPPORTED for any other message, KEY_UNKNOWN.
   */
  async provePossession(kid: string, message: Uint8Array): Promise<Uint8Array> {
    this.#keys.get(kid);
    assertPossessionMessage(message, kid);
    return signBytes(this.agent, kid, message);
  }

  /** Records the window in which the registry lets a key sign. IssuerError KEY_UNKNOWN. */
  async recordKeyWindow(kid: string, window: KeyWindow): Promise<void> {
    await this.#keys.recordWindow(kid, window);
  }

  /** Ties the issuer to the registry that accredits it. */
  async bindRegistry({ chainId, registry, issuerId, rpcUrl }: RegistryBinding): Promise<void> {
    const binding = { chainId, registry, issuerId, ...(rpcUrl === undefined ? {} : { rpcUrl }) };
    await this.#store.commit([this.#bindings.put('binding', binding)]);
    this.#binding = binding;
  }

  /** Takes over who is trusted from a replay of the registry's log: DIDs resolve from nothing else. */
  async learnRegistry(trust: LearnedTrust): Promise<void> {
    const view = registryView(trust);
    await this.#store.commit([this.#views.put('view', view)]);
    this.#view = view;
  }

  /**
   * Issues a Pass Plus from a FHIR bundle: minimised, held to what may be signed, signed in all forms, each verified
   * after signing, and on disk before it is returned. The bundle is not changed.
   *
   * BundleError; IssuerError NO_SIGNING_KEY, NOT_ANCHORED, KEY_NOT_VALID, CARD_TOO_LARGE, NOT_VERIFIED.
   */
  async issuePlus(bundle: unknown, terms: IssueTerms): Promise<IssuedCard> {
    const fhirBundle = minimiseBundle(parseBundle(bundle));
    assertSignable(fhirBundle, terms.now);
    return this.#issue(terms, (nbf, rid): HealthCard => {
      const claims = { exp: undefined, types: [HEALTH_CARD_TYPE], fhirVersion: '4.0.1', fhirBundle };
      return { profile: 'pass-plus', iss: this.iss, nbf, rid, ...claims };
    });
  }

  /** Issues a Pass with the claims as given, which end at `exp` in Unix seconds. Errors as `issuePlus`, and FormatError. */
  async issuePass(claims: PassSubject & { readonly exp: number }, terms: IssueTerms): Promise<IssuedCard> {
    const { holder, name, birthDate, passType, exp } = structuredClone(claims);
    return this.#issue(terms, (nbf, rid): Pass => {
      return { profile: 'pass', iss: this.iss, nbf, exp, rid, holder, name, birthDate, passType };
    });
  }

  /** Revokes a card by its id or rid, for good; on disk when it returns. IssuerError CARD_UNKNOWN, RID_AMBIGUOUS. */
  async revoke(idOrRid: string, now: number = this.#clock()): Promise<Revocation> {
    return this.#ledger.revoke(idOrRid, Math.floor(now));
  }

  /** How many cards a key has signed, indices lost in a crash included. */
  issuedCount(kid: string): number {
    return this.#ledger.drawn(kid);
  }

  /** The status list of a key as it stands, with the counter under which it is to be anchored next. */
  statusList(kid: string): ListSnapshot {
    return this.#ledger.snapshot(kid);
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
    const signed = await signList(this.agent, { ...this.identity, kid }, version.list, this.#clock());
    return publishList(outDir, version, { signed, earlier: this.#ledger.anchoredVersions(kid) });
  }

  /** Gives the folder up. */
  async close(): Promise<void> {
    await this.#store.close();
  }

  async #issue(
    terms: IssueTerms,
    make: (nbf: number, rid: string) => HealthCard | Pass,
  ): Promise<IssuedCard> {
    // The moment of issuance in whole seconds: key windows rest on it.
    const issuedAt = Math.floor(terms.now);
    const key = this.#keys.choose(issuedAt, terms.kid, {
      isAnchored: (kid) => this.#ledger.anchorOf(kid) !== undefined,
      isTrusted: (kid) => this.#isTrusted(kid),
    });
    const { kid } = key;
    // What cannot be written as a card must not use up an index.
    assertFits(encodeCardPayload(make(issuedAt, ridFromIndex(0))));
    const { index, rid } = this.#ledger.draw(kid);
    const card = make(issuedAt, rid);
    const { did, statusBase } = this.identity;
    const forms = await signCard(this.agent, { did, statusBase, kid }, key, card);
    const record: CardRecord = { id: `${kid}.${rid}`, kid, index, rid, profile: card.profile, issuedAt };
    await this.#ledger.record(record);
    return { ...record, ...forms };
  }

  /** Whether the registry, as last learned, lets this issuer sign with a key: no venue would accept another's card. */
  #isTrusted(kid: string): boolean {
    const own = this.#view.issuers.find(({ did }) => did === this.did);
    const key = this.#view.keys.find((each) => each.issuer === own?.id && each.kid === kid);
    return own?.status === 'active' && key?.state === 'active';
  }

  #statusOf(list: unknown, listIndex: unknown): 'good' | 'revoked' | 'unknown' {
    const key = this.keys().find(({ kid }) => list === statusListUrl({ ...this.identity, kid }));
    const index =
      typeof listIndex === 'string' && /^\d{1,10}$/.test(listIndex) ? Number(listIndex) : undefined;
    if (key === undefined || index === undefined) return 'unknown';
    return this.#ledger.isRevoked(key.kid, index) ? 'revoked' : 'good';
  }
}
