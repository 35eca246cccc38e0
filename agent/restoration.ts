import type { StatusList } from '../credential/status-list.ts';
import type { ListAnchor } from './key-list.ts';
import type { RegistryTie } from './registry-tie.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { StatusLedger } from './status-ledger.ts';

/** What an issuer has to learn from outside before it goes on, once its folder was restored from a backup. */
export class Restoration {
  readonly #ledger: StatusLedger;
  readonly #keys: SigningKeys;
  readonly #tie: RegistryTie;

  constructor(parts: {
    readonly ledger: StatusLedger;
    readonly keys: SigningKeys;
    readonly tie: RegistryTie;
  }) {
    this.#ledger = parts.ledger;
    this.#keys = parts.keys;
    this.#tie = parts.tie;
  }

  /** Whether a key's list waits for an anchor since the restore: until then the key signs nothing. */
  isWaiting(kid: string): boolean {
    return this.#ledger.isRestored(kid);
  }

  /** The anchor that the chain holds of a key's list with revocations that are not here; undefined if there are none. */
  lacking(kid: string): ListAnchor | undefined {
    return this.#ledger.lacking(kid);
  }

  /** Takes over the list that the chain holds, as it was found somewhere; see `StatusLedger.adopt`. IssuerError ANCHOR_MISMATCH. */
  async adopt(kid: string, list: StatusList, now: number): Promise<number> {
    return this.#ledger.adopt(kid, list, Math.floor(now));
  }

  /** Has the next anchor come over the list on the chain all the same; see `AnchoredLists.disown`. */
  async disown(kid: string): Promise<boolean> {
    return this.#ledger.disown(kid);
  }

  /** The keys that the registry, as last learned, lets this issuer sign with and that are not in its folder. */
  strangers(did: string): readonly string[] {
    const own = new Set(this.#keys.all().map(({ kid }) => kid));
    return this.#tie
      .keysOf(did)
      .flatMap(({ kid, state }) => (state === 'active' && !own.has(kid) ? [kid] : []));
  }

  /** Records which keys the registry, as last learned, has ended without this folder knowing. `now` in Unix seconds. */
  async recordEnds(did: string, now: number): Promise<void> {
    const own = new Map(this.#keys.all().map((key) => [key.kid, key]));
    for (const { kid, state } of this.#tie.keysOf(did)) {
      const ended = own.get(kid)?.ended?.state;
      if (own.has(kid) && state !== 'active' && state !== ended) await this.#keys.recordEnd(kid, state, now);
    }
  }
}
