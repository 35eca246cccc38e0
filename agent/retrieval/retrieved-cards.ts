import { createHash } from 'node:crypto';
import type { CardRecord } from '../card-record.ts';
import type { SignedForms } from '../card-signer.ts';
import type { Issuer } from '../issuer.ts';
import type { ProductName } from '../products.ts';
import { mergeRecords } from '../records/merge-records.ts';
import type { Opened, Origin, Retrieval } from './retrieval.ts';
import { RetrievalLimited } from './retrieval-limits.ts';
import type { RetrievalState } from './retrieval-state.ts';

/** What somebody wants of a retrieval, and what opens it: its code, or afterwards its token. */
export interface CardAsked {
  readonly id: string;
  readonly by: { readonly code: string } | { readonly token: string };
  readonly product: ProductName;
  /** A DID whose key the asker has shown to have. */
  readonly holder?: string | undefined;
}

/** What was made of an opened retrieval: a card, or why there is none. */
export interface Completion {
  readonly opened: Opened;
  readonly outcome:
    | { readonly kind: 'issued'; readonly card: CardRecord & SignedForms }
    /** NotQualified, BundleError, IssuerError as `Issuer.issueProduct`; RetrievalLimited. */
    | { readonly kind: 'refused'; readonly error: unknown };
}

type IssuingIssuer = Pick<Issuer, 'assertReady' | 'issueProduct' | 'policy'>;

/** Each product, and a few wallets; more would only use up the status list. */
const MAX_CARDS = 12;

/** Issues to whoever has shown a code what the record on file qualifies for. */
export class RetrievedCards {
  readonly #issuer: IssuingIssuer;
  readonly #retrieval: Retrieval;
  readonly #state: RetrievalState;

  constructor(issuer: IssuingIssuer, retrieval: Retrieval, state: RetrievalState) {
    this.#issuer = issuer;
    this.#retrieval = retrieval;
    this.#state = state;
  }

  /**
   * Opens a retrieval and issues a product from it, each product for each holder once: asked again, the answer is the same
   * card, which is on disk, sealed, in the batch of its record.
   *
   * No code is used up while nothing can be issued. IssuerError as `Issuer.assertReady`, POLICY_MISSING, as
   * `Retrieval.complete` and `Retrieval.opened`; what goes wrong once it is open is in the answer.
   */
  async card({ id, by, product, holder }: CardAsked, origin: Origin): Promise<Completion> {
    const now = this.#state.clock();
    this.#issuer.assertReady(now);
    await this.#issuer.policy.kept();
    const wanted = createHash('sha256')
      .update(JSON.stringify([product, holder ?? null]))
      .digest('base64url');
    const opened =
      'code' in by
        ? await this.#retrieval.complete(id, by.code, { ...origin, wanted })
        : await this.#retrieval.opened(id, by.token);
    // Of two at once the second finds the card of the first.
    return this.#state.turns.run(`${id}.cards`, async () => {
      try {
        const card =
          (await this.#kept(id, wanted)) ?? (await this.#issue(opened, wanted, { product, holder }));
        return { opened, outcome: { kind: 'issued', card } };
      } catch (error) {
        return { opened, outcome: { kind: 'refused', error } };
      }
    });
  }

  async #kept(id: string, wanted: string): Promise<(CardRecord & SignedForms) | undefined> {
    const kept = await this.#state.answers.get(`${id}.${wanted}`);
    return kept?.answer as (CardRecord & SignedForms) | undefined;
  }

  async #issue(
    { id, records, until }: Opened,
    wanted: string,
    { product, holder }: Pick<CardAsked, 'product' | 'holder'>,
  ): Promise<CardRecord & SignedForms> {
    const { answers, clock } = this.#state;
    const now = clock();
    let cards = 0;
    for await (const _ of answers.entries(`${id}.`)) cards++;
    if (cards >= MAX_CARDS) throw new RetrievalLimited(Math.max(1, Math.ceil(until - now)));
    return this.#issuer.issueProduct(product, mergeRecords(records), {
      now,
      ...(holder === undefined ? {} : { holder }),
      also: (card) => ({
        operations: [answers.put(`${id}.${wanted}`, { until, answer: card })],
        audit: [{ kind: 'card-retrieved', id: card.id }],
      }),
    });
  }
}
