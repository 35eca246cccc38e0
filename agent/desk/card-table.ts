import { REASONS, type Card, type ProductName, type Reason } from './answers.ts';
import { askDialog } from './ask-dialog.ts';
import { attempt, may, say, type Desk } from './desk.ts';
import { button, element, facts, field, foreign, table, type Child } from './elements.ts';
import { momentText } from './moments.ts';
import { onceKey } from './service.ts';
import type { DeskWords } from './words/table.ts';

/** Whose card it is, as far as the clerk knows. */
export interface Bearer {
  readonly name: string;
  readonly birthDate: string;
}

/** Cards with how they stand, and what may be done about them; `changed` is told of one that was revoked. */
export function cardTable(
  desk: Desk,
  cards: readonly Card[],
  bearer: Bearer | undefined,
  changed: (card: Card) => void,
): HTMLElement {
  const { words, language } = desk;
  const said = words.cards;
  const rows = cards.map((card): readonly Child[] => [
    productText(words, card.product),
    element(
      'span',
      {},
      momentText(card.issuedAt, language),
      card.batch === null ? null : element('span', { class: 'lesser' }, say(said.bulk, { name: card.batch })),
    ),
    stateText(desk, card),
    element('code', {}, card.rid),
    ...(may(desk, 'revoke')
      ? [
          card.state === 'revoked'
            ? null
            : button(said.revoke, { class: 'small', 'aria-label': `${said.revoke} ${card.rid}` }, () => {
                askRevoke(desk, card, bearer, changed);
              }),
        ]
      : []),
  ]);
  const heads = [
    said.product,
    said.issued,
    said.state,
    said.number,
    ...(may(desk, 'revoke') ? [said.action] : []),
  ];
  return table(said.title, heads, rows);
}

/** A product's name; the service may know more of them than this page. */
export function productText({ products }: DeskWords, product: string | null): string {
  if (product === null) return products.other;
  return Object.hasOwn(products, product) ? products[product as ProductName] : product;
}

function stateText({ words, language }: Desk, card: Card): HTMLElement {
  const { cards, reasons } = words;
  if (card.state === 'valid') return element('span', { class: 'state good' }, cards.valid);
  const { reason = '', revokedAt = 0, anchored = false } = card;
  const why = Object.hasOwn(reasons, reason) ? reasons[reason as Reason] : reason;
  return element(
    'span',
    {},
    element('span', { class: 'state bad' }, cards.revoked),
    element('span', { class: 'lesser' }, `${why}, ${momentText(revokedAt, language)}`),
    element('span', { class: 'lesser' }, anchored ? cards.onChain : cards.waiting),
  );
}

/** Asks for the reason, names the card, and revokes it. */
function askRevoke(desk: Desk, card: Card, bearer: Bearer | undefined, changed: (card: Card) => void): void {
  const { words, language } = desk;
  const { revoke, reasons, cards, shell } = words;
  const once = onceKey();
  const select = element(
    'select',
    { id: 'reason', required: true },
    element('option', { value: '' }, revoke.choose),
    ...REASONS.map((reason) => element('option', { value: reason }, reasons[reason])),
  );
  const said = element('p', { class: 'said', role: 'alert' });
  askDialog({
    title: revoke.title,
    body: [
      facts([
        [revoke.of, bearer === undefined ? null : foreign(bearer.name)],
        [revoke.card, productText(words, card.product)],
        [cards.issued, momentText(card.issuedAt, language)],
        [cards.number, element('code', {}, card.rid)],
      ]),
      element('p', {}, revoke.text),
      field(revoke.reason, select, { wide: true }),
      said,
      element('p', { class: 'hint' }, revoke.forGood),
    ],
    leave: shell.cancel,
    does: {
      label: revoke.do,
      danger: true,
      run: () => {
        if (select.value === '') {
          said.textContent = revoke.missing;
          select.focus();
          return false;
        }
        void attempt(desk, null, async () => {
          await desk.session.post(
            'credentials/status',
            {
              credentialId: card.id,
              credentialStatus: [
                { type: 'BitstringStatusListEntry', statusPurpose: 'revocation', status: true },
              ],
              reason: select.value,
            },
            once,
          );
          const now = (await desk.session.post('cards/show', { id: card.id })) as Card;
          desk.say(say(revoke.done, { number: card.rid }), 'good');
          changed(now);
        });
        return true;
      },
    },
  });
}
