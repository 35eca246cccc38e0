import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import { clearReceipts, receiptsOf } from '../../asking/receipts.ts';
import type { Receipt } from '../../asking/receipts.ts';
import type { View, Wallet } from '../context.ts';
import type { Speaker } from '../wallet-words.ts';
import { paragraph, saidButton } from './paragraphs.ts';
import { kindWords } from '../cards/pass-words.ts';
import { foreign, toneBox, showStep, stepHeading } from './parts.ts';

/** To whom what was shown: nothing of what it said. */
export function receiptsView(wallet: Wallet): View {
  const { speaker, vault } = wallet;
  const { say } = speaker;
  const root = element('div', { class: 'stage receipts' });
  const receipts = receiptsOf(vault);
  if (receipts.length === 0) {
    root.append(paragraph(say('receiptsMean'), 'small'), paragraph(say('receiptsNone'), 'empty'));
    return { title: say('receipts'), root };
  }
  const clear = (): void => {
    really(root, wallet);
  };
  root.append(
    paragraph(say('receiptsMean'), 'small'),
    element('ol', { class: 'list' }, ...receipts.map((receipt) => item(receipt, speaker))),
    saidButton(say('receiptsClear'), clear, 'danger'),
  );
  return { title: say('receipts'), root };
}

function item(receipt: Receipt, speaker: Speaker): HTMLElement {
  const { say, language } = speaker;
  const { name, jurisdiction, purpose, at, by } = receipt;
  const date = new Date(at * 1000);
  const when = new Intl.DateTimeFormat(language.tag, {
    dateStyle: 'long',
    timeStyle: 'short',
    calendar: 'gregory',
  }).format(date);
  return element(
    'li',
    { class: 'card receipt' },
    element(
      'p',
      { class: 'strong' },
      name === null ? saidNode(say('receiptUnknown')) : foreign(name),
      ...(jurisdiction === null ? [] : [' · ', foreign(jurisdiction)]),
    ),
    element('p', {}, element('time', { datetime: date.toISOString() }, when)),
    element(
      'p',
      {},
      saidNode(kindWords(receipt, speaker)),
      ' · ',
      saidNode(say(by === 'code' ? 'receiptByCode' : 'receiptSent')),
    ),
    element('blockquote', { class: 'purpose' }, foreign(purpose, 140)),
  );
}

function really(root: HTMLElement, { speaker, vault, attempt, announce, again }: Wallet): void {
  const { say } = speaker;
  const yes = (): void => {
    void attempt(async () => {
      await clearReceipts(vault);
      again();
      announce(say('receiptsCleared'));
    });
  };
  showStep(
    root,
    toneBox('warn', stepHeading(say('receiptsClearSure'))),
    element(
      'div',
      { class: 'choices' },
      saidButton(say('cancel'), again, 'primary big'),
      saidButton(say('receiptsClearYes'), yes, 'danger'),
    ),
  );
}
