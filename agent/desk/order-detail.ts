import type { BulkOrder, OrderOutcome } from './answers.ts';
import { askDialog } from './ask-dialog.ts';
import { productText } from './card-table.ts';
import { attempt, may, say, type Desk } from './desk.ts';
import { button, element, facts, table, type Child } from './elements.ts';
import { momentText } from './moments.ts';

/** One order: what would become of it, and the decision about it; `changed` is told what was decided. */
export function showOrder(
  desk: Desk,
  place: HTMLElement,
  order: BulkOrder,
  changed: (order: BulkOrder) => void,
): void {
  const { words, language } = desk;
  const said = words.bulk;
  const { id, client, product, state, filedAt, lines, digest, check, outcome, progress, fault, refusal } =
    order;
  const heading = element('h2', { tabindex: '-1' }, `${said.order} `, element('code', {}, id));
  place.replaceChildren(
    heading,
    facts([
      [words.cards.product, productText(words, product)],
      [said.state, words.orderStates[state]],
      [said.filedBy, whoText(desk, client)],
      [said.filed, momentText(filedAt, language)],
      [said.input, say(said.lines, { lines })],
      [said.decidedBy, order.decidedBy === null ? null : whoText(desk, order.decidedBy)],
      [said.decided, order.decidedAt === null ? null : momentText(order.decidedAt, language)],
      [said.refusal, refusal === null ? null : (words.orderRefusals[refusal] ?? refusal)],
      [
        said.progress,
        state === 'approved'
          ? say(said.progressText, { lines: progress.lines, cards: progress.cards })
          : null,
      ],
      [
        said.waitsFor,
        progress.waitsFor === null ? null : (words.problems[progress.waitsFor] ?? progress.waitsFor),
      ],
      [said.fault, fault === null ? null : (words.problems[fault] ?? fault)],
      [said.digest, element('code', {}, digest)],
    ]),
    ...outcomePart(desk, outcome === null ? said.check : said.outcome, outcome ?? check),
    ...decisionPart(desk, order, changed),
  );
  heading.focus();
}

function outcomePart({ words }: Desk, title: string, outcome: OrderOutcome | null): readonly HTMLElement[] {
  if (outcome === null) return [];
  const { bulk, refusals } = words;
  const rows: readonly (readonly Child[])[] = [
    [bulk.cards, String(outcome.cards)],
    ...Object.entries(outcome.reasons).map(([reason, count]) => [refusals[reason] ?? reason, String(count)]),
  ];
  return [element('h3', {}, title), table(title, [bulk.what, words.counters.count], rows)];
}

/** Nobody decides about an order of their own: it is said why, and the service refuses it whatever a page shows. */
function decisionPart(
  desk: Desk,
  order: BulkOrder,
  changed: (order: BulkOrder) => void,
): readonly HTMLElement[] {
  const { words, me } = desk;
  const said = words.bulk;
  const isOwn = order.client === me.id;
  if (order.state !== 'pending' && order.state !== 'checking') return [];
  if (isOwn) {
    return [
      element('p', { class: 'notice' }, said.own),
      element('div', { class: 'buttons start' }, decide(desk, order, 'refuse', said.withdraw, changed)),
    ];
  }
  if (!may(desk, 'approve')) return [element('p', { class: 'hint' }, said.mayNot)];
  const approve = order.state === 'pending' ? [decide(desk, order, 'approve', said.approve, changed)] : [];
  return [
    element(
      'div',
      { class: 'buttons start' },
      ...approve,
      decide(desk, order, 'refuse', said.refuse, changed),
    ),
  ];
}

function decide(
  desk: Desk,
  order: BulkOrder,
  what: 'approve' | 'refuse',
  label: string,
  changed: (order: BulkOrder) => void,
): HTMLButtonElement {
  const { words, session } = desk;
  const said = words.bulk;
  const { id, product, lines, digest, check } = order;
  const isApproval = what === 'approve';
  return button(`${label} …`, { class: isApproval ? 'first' : '' }, () => {
    askDialog({
      title: isApproval ? said.approveTitle : said.refuseTitle,
      body: [
        facts([
          [said.order, element('code', {}, id)],
          [words.cards.product, productText(words, product)],
          [said.input, say(said.lines, { lines })],
          [said.cards, check === null ? null : String(check.cards)],
          [said.digest, element('code', {}, digest)],
        ]),
        element('p', {}, isApproval ? said.approveText : said.refuseText),
      ],
      leave: words.shell.cancel,
      does: {
        label,
        danger: !isApproval,
        run: () => {
          void attempt(desk, null, async () => {
            const body = isApproval ? { digest } : {};
            changed((await session.post(`bulk-orders/${encodeURIComponent(id)}/${what}`, body)) as BulkOrder);
            desk.say(isApproval ? said.approved : said.refused, 'good');
          });
          return true;
        },
      },
    });
  });
}

function whoText({ words, me }: Desk, client: string): HTMLElement {
  return client === me.id
    ? element('span', {}, words.bulk.you)
    : element('span', {}, `${words.bulk.client} `, element('code', {}, client));
}
