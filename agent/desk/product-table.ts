import { PRODUCT_NAMES, type Card, type CredentialCheck, type ProductAnswer } from './answers.ts';
import { productText } from './card-table.ts';
import { may, say, type Desk } from './desk.ts';
import { button, element, table, type Child } from './elements.ts';
import { momentText } from './moments.ts';

/** What each product says of a record before anything is issued, and the way to issue it. */
export function productTable(
  desk: Desk,
  { products, timeZone }: CredentialCheck,
  cards: readonly Card[],
  issue: (answer: Extract<ProductAnswer, { readonly qualified: true }>) => void,
): HTMLElement {
  const { words } = desk;
  const said = words.product;
  const mayIssue = may(desk, 'issue');
  const inOrder = products.toSorted((a, b) => placeOf(a) - placeOf(b));
  const rows = inOrder.map((answer): readonly Child[] => {
    const name = productText(words, answer.product);
    const has = cards.some(({ product, state }) => product === answer.product && state === 'valid');
    const label = has ? said.reissue : said.issue;
    return [
      name,
      answerText(desk, answer, timeZone),
      ...(mayIssue
        ? [
            answer.qualified
              ? button(
                  label,
                  { class: has ? 'small' : 'small first', 'aria-label': `${label}: ${name}` },
                  () => {
                    issue(answer);
                  },
                )
              : null,
          ]
        : []),
    ];
  });
  return element(
    'div',
    {},
    table(said.title, [said.product, said.answer, ...(mayIssue ? [said.action] : [])], rows),
    mayIssue ? null : element('p', { class: 'hint' }, said.noIssue),
  );
}

/** A Pass and its Plus stand together. */
function placeOf({ product }: ProductAnswer): number {
  return PRODUCT_NAMES.indexOf(product);
}

function answerText({ words, language }: Desk, answer: ProductAnswer, timeZone: string): HTMLElement {
  const said = words.product;
  if (answer.qualified) {
    const until =
      answer.until === null
        ? said.noEnd
        : say(said.until, { time: momentText(answer.until, language, timeZone) });
    return element(
      'span',
      {},
      element('span', { class: 'state good' }, said.yes),
      element('span', { class: 'lesser' }, until),
    );
  }
  const { reason, doses, needed, evidenceDay, from } = answer;
  const more = [
    doses === null || needed === null ? null : say(said.doses, { doses, needed }),
    evidenceDay === null ? null : say(said.day, { date: evidenceDay }),
    from === null ? null : say(said.from, { date: from }),
  ].filter((one) => one !== null);
  return element(
    'span',
    {},
    element('span', { class: 'state none' }, said.no),
    element('span', { class: 'lesser' }, words.refusals[reason] ?? words.refusals['other'] ?? ''),
    more.length === 0 ? null : element('span', { class: 'lesser' }, more.join(' · ')),
  );
}
