import { paperText } from '../../../verifier/pipeline/words/paper-text.ts';
import { LANGUAGES } from '../../../verifier/pipeline/words/language.ts';
import type { Language } from '../../../verifier/pipeline/words/language.ts';
import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import type { PassFacts } from '../../passes/judged-pass.ts';
import type { ShownPass } from '../../passes/pass-box.ts';
import { cardCode } from '../cards/card-code.ts';
import { stateOf } from '../cards/pass-state.ts';
import type { View, Wallet } from '../context.ts';
import { WALLET_LANGUAGES } from '../wallet-words.ts';
import { onePass } from './one-pass.ts';
import { paragraph, saidButton } from './paragraphs.ts';
import { toneBox } from './parts.ts';
import { PAPER_SIZES, printOn } from './print/paper-size.ts';
import type { PaperSize } from './print/paper-size.ts';
import { sheetOf } from './print/paper.ts';

const NO_CODE_WORDS = { credential: 'printNoCode', long: 'printTooLong', unknown: 'printNotGood' } as const;
const SIZE_WORDS = { a4: 'printA4', letter: 'printLetter', card: 'printCard' } as const;

/** A pass for paper, as large on the screen as there is room for. */
export function printView(wallet: Wallet, id: string): View {
  const ending = { stop: (): void => undefined };
  return onePass(
    wallet,
    id,
    wallet.speaker.say('print'),
    (shown, root) => {
      ending.stop = fill(shown, root, wallet);
    },
    () => {
      ending.stop();
    },
  );
}

function fill(shown: ShownPass, root: HTMLElement, { speaker }: Wallet): () => void {
  const { say, language } = speaker;
  const nothing = (): void => undefined;
  // Paper cannot be called back: what is not good, and will not be, is not put on it.
  const { pass, facts, standing } = shown;
  const isOwn = stateOf(shown) !== 'specimen';
  const canBe = standing === 'good' || standing === 'not-yet-valid' || standing === 'unchecked';
  if (!facts?.subject || !canBe || !isOwn) {
    root.append(toneBox('bad', say('printNotGood')));
    return nothing;
  }
  const code = cardCode(pass, say('printCode').text);
  if (typeof code === 'string') {
    root.append(toneBox('warn', say(NO_CODE_WORDS[code])));
    return nothing;
  }
  const [a4] = PAPER_SIZES;
  let size: PaperSize = PAPER_SIZES.find(({ name }) => name === usualSize()) ?? a4 ?? failed();
  let second: Language = language.base === 'en' ? 'es' : 'en';
  const frame = element('div', { class: 'paper-frame', role: 'img', 'aria-label': say('printPreview').text });
  let endSize = nothing;
  const draw = (): void => {
    const sheet = sheetOf(code, textOf(facts, [language.base, second]), size);
    frame.replaceChildren(sheet.root);
    endSize();
    const endPage = printOn(size);
    const scale = (): void => {
      sheet.fit();
      const to = Math.min(1, frame.clientWidth / sheet.root.offsetWidth);
      sheet.root.style.transform = `scale(${to})`;
      frame.style.blockSize = `${sheet.root.offsetHeight * to}px`;
    };
    const watch = new ResizeObserver(scale);
    watch.observe(frame);
    void document.fonts.ready.then(scale);
    endSize = () => {
      watch.disconnect();
      endPage();
    };
  };
  const sizes = chooser(
    PAPER_SIZES.map(({ name }) => [name, say(SIZE_WORDS[name]).text]),
    size.name,
    (name) => {
      size = PAPER_SIZES.find((one) => one.name === name) ?? size;
      draw();
    },
  );
  const languages = chooser(
    LANGUAGES.filter((one) => one !== language.base).map((one) => [
      one,
      WALLET_LANGUAGES.find(({ tag }) => tag === one)?.name ?? one,
    ]),
    second,
    (tag) => {
      second = LANGUAGES.find((one) => one === tag) ?? second;
      draw();
    },
  );
  root.append(
    element(
      'section',
      { class: 'card no-print' },
      paragraph(say('printMeans')),
      element('label', { class: 'field' }, element('span', {}, saidNode(say('printSize'))), sizes),
      element('label', { class: 'field' }, element('span', {}, saidNode(say('printSecond'))), languages),
      saidButton(
        say('printNow'),
        () => {
          print();
        },
        'primary big',
      ),
    ),
    frame,
  );
  draw();
  return () => {
    endSize();
  };
}

function failed(): never {
  throw new Error('There is no size of paper.');
}

/** Paper is of ISO sizes but in North America and a few countries more. */
function usualSize(): PaperSize['name'] {
  return /-(?:US|CA|MX|PH|CO|CL|VE|GT|CR|PR)\b/i.test(navigator.language) ? 'letter' : 'a4';
}

function textOf(
  { subject, issuer, ...facts }: PassFacts,
  languages: readonly [Language, Language],
): ReturnType<typeof paperText> {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const card = {
    ...facts,
    name: subject?.name ?? '',
    birthDate: subject?.birthDate ?? null,
    issuer: issuer.name,
  };
  return paperText(card, languages, timeZone);
}

function chooser(
  options: readonly (readonly [string, string])[],
  chosen: string,
  choose: (value: string) => void,
): HTMLSelectElement {
  const made = element(
    'select',
    {},
    ...options.map(([value, name]) => element('option', { value, selected: value === chosen }, name)),
  );
  made.addEventListener('change', () => {
    choose(made.value);
  });
  return made;
}
