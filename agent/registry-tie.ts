import { isDeepStrictEqual } from 'node:util';
import { IssuerError } from './issuer-error.ts';
import type { IssuerIdentity, RegistryBinding } from './issuer-identity.ts';
import type { IssuerStore, Table } from './issuer-store.ts';
import { ownStanding, type OwnStanding } from './own-trust.ts';
import { registryView, type LearnedTrust, type RegistryView } from './registry-resolver.ts';

/** Whom the registry said to trust, all of it, and when it was last read; Unix seconds. */
export interface KnownRegistry {
  readonly trust: LearnedTrust;
  readonly at: number;
}

/** That it was read again and said the same is written down so often, in seconds: the newest moment is known meanwhile. */
const AGE_KEPT = 3600;
const NO_VIEW: RegistryView = { issuers: [], keys: [] };

/** An issuer's tie to the registry that accredits it: which one, and whom it said to trust when it was last read. */
export class RegistryTie {
  readonly #store: IssuerStore;
  readonly #identity: IssuerIdentity;
  readonly #bindings: Table<RegistryBinding>;
  readonly #views: Table<RegistryView>;
  readonly #standings: Table<OwnStanding>;
  readonly #knowns: Table<KnownRegistry>;
  #binding: RegistryBinding | undefined;
  #view: RegistryView = NO_VIEW;
  #standing: OwnStanding | undefined;
  #known: KnownRegistry | undefined;
  /** When that it was read was last written down. */
  #keptAt = -Infinity;

  private constructor(store: IssuerStore, identity: IssuerIdentity) {
    this.#store = store;
    this.#identity = identity;
    this.#bindings = store.table('registry');
    this.#views = store.table('registry-view');
    this.#standings = store.table('registry-standing');
    this.#knowns = store.table('registry-known');
  }

  static async open(store: IssuerStore, identity: IssuerIdentity): Promise<RegistryTie> {
    const tie = new RegistryTie(store, identity);
    await store.follow<RegistryBinding>('registry', (_, binding) => (tie.#binding = binding));
    await store.follow<RegistryView>('registry-view', (_, view) => (tie.#view = view ?? NO_VIEW));
    await store.follow<OwnStanding>('registry-standing', (_, standing) => (tie.#standing = standing));
    await store.follow<KnownRegistry>('registry-known', (_, known) => {
      tie.#known = known;
      tie.#keptAt = known?.at ?? -Infinity;
    });
    return tie;
  }

  get binding(): RegistryBinding | undefined {
    return this.#binding;
  }

  get view(): RegistryView {
    return this.#view;
  }

  /** What the registry said of this issuer itself; another object whenever it was learned anew. */
  get standing(): OwnStanding | undefined {
    return this.#standing;
  }

  /** All that it said; undefined before it was read, and after a restore. The same trust is the same object. */
  get known(): KnownRegistry | undefined {
    return this.#known;
  }

  async bind({ chainId, registry, issuerId, rpcUrl }: RegistryBinding): Promise<void> {
    const binding = { chainId, registry, issuerId, ...(rpcUrl === undefined ? {} : { rpcUrl }) };
    // Each command on the chain says it again: what is known already is no deed.
    if (isDeepStrictEqual(binding, this.#binding)) return;
    await this.#store.commit([this.#bindings.put('binding', binding)], new Map(), [
      { kind: 'registry-bound', chainId, registry, issuerId },
    ]);
    this.#binding = binding;
  }

  /** Takes over what the registry said at a moment (Unix seconds). */
  async learn({ jurisdictions, issuers, keys }: LearnedTrust, at: number): Promise<void> {
    const trust = { jurisdictions, issuers, keys };
    const before = this.#known?.trust;
    const same = before !== undefined && isDeepStrictEqual(trust, before);
    const known = { trust: same ? before : trust, at };
    if (same) {
      // Known already is no deed.
      if (at - this.#keptAt >= AGE_KEPT) await this.#store.commit([this.#knowns.put('known', known)]);
    } else {
      await this.#takeOver(known);
    }
    if (!same || at - this.#keptAt >= AGE_KEPT) this.#keptAt = at;
    this.#known = known;
  }

  async #takeOver(known: KnownRegistry): Promise<void> {
    const view = registryView(known.trust);
    const standing = ownStanding(known.trust, this.#identity.did);
    await this.#store.commit(
      [
        this.#knowns.put('known', known),
        this.#views.put('view', view),
        standing === undefined ? this.#standings.del('own') : this.#standings.put('own', standing),
      ],
      new Map(),
      [{ kind: 'registry-learned' }],
    );
    this.#view = view;
    if (!isDeepStrictEqual(standing, this.#standing)) this.#standing = standing;
  }

  /**
   * Whether the registry, as last learned, lets the issuer sign with a key at a moment (Unix seconds) cards that its
   * status list revokes: no venue would accept another's card.
   */
  lets(kid: string, at: number): boolean {
    if (this.#standing === undefined) return false;
    const { issuer, jurisdiction, keys } = this.#standing;
    const key = keys.find((each) => each.kid === kid);
    return (
      issuer.status === 'active' &&
      !issuer.held &&
      !jurisdiction.suspended &&
      key?.state === 'active' &&
      key.revocation === 'bits' &&
      isWithin(at, key.validFrom, key.validUntil)
    );
  }

  /**
   * Refuses a moment (Unix seconds) for which nobody has accredited the issuer, whose keys may outlive its accreditation,
   * and an issuer that the registry knows by other addresses, under which no venue would find what its cards say.
   *
   * IssuerError NOT_ACCREDITED, IDENTITY_DIFFERS.
   */
  assertAccredited(at: number): void {
    const issuer = this.#standing?.issuer;
    if (issuer === undefined || !isWithin(at, issuer.accreditedFrom, issuer.accreditedUntil)) {
      throw new IssuerError(
        'NOT_ACCREDITED',
        'The accreditation of this issuer, as last learned from the registry, has ended or not yet begun.',
      );
    }
    const { iss, statusBase } = this.#identity;
    if (issuer.iss !== iss || ![issuer.statusBase, ...issuer.formerStatusBases].includes(statusBase)) {
      throw new IssuerError(
        'IDENTITY_DIFFERS',
        'The registry knows this issuer under another iss or status base: venues would not find its lists.',
      );
    }
  }

  /** The keys that the registry, as last learned, has of an issuer. */
  keysOf(did: string): RegistryView['keys'] {
    const own = this.#view.issuers.find((issuer) => issuer.did === did);
    return this.#view.keys.filter(({ issuer }) => issuer === own?.id);
  }
}

/** `until` 0 means no end. */
function isWithin(time: number, from: number, until: number): boolean {
  return time >= from && (until === 0 || time < until);
}
