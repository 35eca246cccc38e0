import type { SentTransaction } from '../../contracts/landing.ts';
import type { Change } from '../group-commit.ts';
import { IssuerError } from '../issuer-error.ts';
import type { IssuerStore, Table } from '../issuer-store.ts';
import type { StatusList } from '../../credential/status-list.ts';
import { rootOf, type ListAnchor } from '../key-list.ts';
import type { StatusLedger } from '../status-ledger.ts';
import { AnchorStandings } from './anchor-standing.ts';
import { owedAnchor, sightingOf, type Sighting } from './anchor-plan.ts';

/** What shall reach the chain of one list, and what was sent for it. */
interface Intention extends ListAnchor {
  readonly sent: readonly SentTransaction[];
}

/** When a list is anchored although nothing of it changed: ever, or once its anchor is so old, in seconds. */
export interface AnchorTerms {
  readonly room: number;
  readonly unchanged: 'always' | 'never' | { readonly olderThan: number };
}

/** What the chain holds of a list: nothing is counter 0; `time` in Unix seconds. */
export interface HeldAnchor extends ListAnchor {
  readonly time: number;
}

/**
 * What an issuer means to anchor, kept before anything is sent, so that whatever happens to the process or the chain, one
 * counter is never given to two lists, and none is left out.
 */
export class Anchoring {
  /** How it went. */
  readonly standing: AnchorStandings;
  readonly #store: IssuerStore;
  readonly #ledger: StatusLedger;
  readonly #table: Table<Intention>;
  readonly #intentions: Map<string, Intention>;

  private constructor(
    store: IssuerStore,
    ledger: StatusLedger,
    {
      intentions,
      standing,
    }: { readonly intentions: Map<string, Intention>; readonly standing: AnchorStandings },
  ) {
    this.standing = standing;
    this.#store = store;
    this.#ledger = ledger;
    this.#table = store.table('anchoring');
    this.#intentions = intentions;
  }

  static async open(store: IssuerStore, ledger: StatusLedger): Promise<Anchoring> {
    const intentions = new Map<string, Intention>();
    await store.follow<Intention>('anchoring', (key, intention) => {
      if (intention === undefined) intentions.delete(key);
      else intentions.set(key, intention);
    });
    return new Anchoring(store, ledger, { intentions, standing: await AnchorStandings.open(store) });
  }

  /** Takes over what the chain is seen to hold of a list; `landed` is the counter that a transaction of ours has just taken. */
  async saw(kid: string, held: HeldAnchor, landed?: number): Promise<Sighting> {
    // What another agent has meant, sent or seen counts as much.
    await this.#store.look();
    const sighting = sightingOf(held, this.#ledger.anchorOf(kid));
    const isRestored = this.#ledger.isRestored(kid);
    // A node that is behind the backup tells nothing of what came after it, and is refused there.
    if (sighting === 'receded' && !isRestored) await this.#ledger.recede(kid, held);
    else if (sighting !== 'as known' || isRestored || this.#ledger.isReceded(kid))
      await this.#takeOver(kid, held, landed);
    // The newest stays: if its block goes, what was sent is known.
    const done = [...this.#intentions.keys()].filter(
      (key) => kidOf(key) === kid && counterOf(key) < held.counter,
    );
    if (done.length > 0) {
      await this.#store.commit(done.map((key) => this.#table.del(key)));
      for (const key of done) this.#intentions.delete(key);
    }
    return sighting;
  }

  /** Only what was meant by this folder itself shows that nothing came between. */
  async #takeOver(kid: string, held: HeldAnchor, landed: number | undefined): Promise<void> {
    const meant = this.#intentions.get(keyOf(kid, held.counter));
    // What a restored folder means may be, to the last bit, what the lost one anchored: only what it sent itself counts.
    const isSent = !this.#ledger.isRestored(kid) || landed === held.counter;
    if ((isSent && meant?.root === held.root.toLowerCase()) || this.#ledger.isReceded(kid))
      await this.#ledger.confirm(kid, held);
    else await this.#ledger.learn(kid, held, meant === undefined);
  }

  /** What has to be sent next of a list, if anything. `now` in Unix seconds. */
  next(kid: string, held: HeldAnchor, { room, unchanged }: AnchorTerms, now: number): ListAnchor | undefined {
    const confirmed = this.#ledger.anchoredVersions(kid);
    // Behind a list with revocations that are not here nothing may come: of that the snapshot tells.
    const owed =
      this.#ledger.lacking(kid) === undefined
        ? owedAnchor(held.counter, { confirmed, intended: this.intended(kid) })
        : undefined;
    if (owed !== undefined) return 'list' in owed ? anchorOf(owed) : owed;
    const { counter, length, revoked, root, changed } = this.#ledger.snapshot(kid, room);
    const olderThan = typeof unchanged === 'object' ? unchanged.olderThan : Infinity;
    const isDue = changed || unchanged === 'always' || held.counter === 0 || now - held.time >= olderThan;
    return isDue ? { counter, length, revoked, root } : undefined;
  }

  /**
   * The same, kept before it is given out, for it to be sent.
   *
   * IssuerError STORE_DAMAGED if it is not what was sent under this counter before.
   */
  async due(kid: string, held: HeldAnchor, terms: AnchorTerms, now: number): Promise<ListAnchor | undefined> {
    let next: ListAnchor | undefined;
    await this.#store.decide(() => {
      next = this.next(kid, held, terms, now);
      if (next === undefined) return {};
      const key = keyOf(kid, next.counter);
      const before = this.#intentions.get(key);
      if (before === undefined) return this.#keeping(key, { ...next, sent: [] });
      if (before.root === next.root) return {};
      throw new IssuerError(
        'STORE_DAMAGED',
        'The store cannot make the list again that it sent to the chain.',
      );
    });
    return next;
  }

  /** What is meant to be on the chain next and was not seen there yet. */
  intended(kid: string): ListAnchor | undefined {
    const anchored = this.#ledger.anchorOf(kid)?.counter ?? 0;
    for (const [key, { sent: _, ...intended }] of this.#intentions) {
      if (kidOf(key) === kid && intended.counter > anchored) return intended;
    }
    return undefined;
  }

  /** What was sent for a version of a list, oldest first. */
  sent(kid: string, counter: number): readonly SentTransaction[] {
    return this.#intentions.get(keyOf(kid, counter))?.sent ?? [];
  }

  /** Keeps what was sent for a version of a list that is due. */
  async recordSent(kid: string, counter: number, sent: readonly SentTransaction[]): Promise<void> {
    await this.#store.decide(() => {
      const key = keyOf(kid, counter);
      const intention = this.#intentions.get(key);
      if (intention === undefined)
        throw new IssuerError('NOT_ANCHORED', 'This list is not due to be anchored.');
      return this.#keeping(key, { ...intention, sent });
    });
  }

  #keeping(key: string, intention: Intention): Change {
    const settled = (): void => void this.#intentions.set(key, intention);
    return { operations: [this.#table.put(key, intention)], settled };
  }
}

function anchorOf({
  counter,
  list: make,
}: {
  readonly counter: number;
  readonly list: () => StatusList;
}): ListAnchor {
  const list = make();
  return { counter, length: list.length, revoked: list.revoked, root: rootOf(list) };
}

function keyOf(kid: string, counter: number): string {
  return `${kid}.${String(counter).padStart(16, '0')}`;
}

function kidOf(key: string): string {
  return key.slice(0, key.indexOf('.'));
}

function counterOf(key: string): number {
  return Number(key.slice(key.indexOf('.') + 1));
}
