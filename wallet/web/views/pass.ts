import { explain } from '../../../verifier/pipeline/words.ts';
import { dateWords } from '../../../verifier/web/parts/date-words.ts';
import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import { SUPPORT_CODES } from '../../../verifier/web/parts/support-code.ts';
import { arrange, shelfOf } from '../../passes/pass-box.ts';
import type { ShownPass } from '../../passes/pass-box.ts';
import type { PassFacts } from '../../passes/judged-pass.ts';
import { plusRecord } from '../../passes/plus-record.ts';
import { holderKeyOf } from '../../vault/holder-key.ts';
import { movedPass } from '../../passes/shelf.ts';
import { nowWords } from '../cards/added-list.ts';
import { kindName, kindWords, momentWords, nameNode } from '../cards/pass-words.ts';
import { stateChip, stateOf } from '../cards/pass-state.ts';
import type { View, Wallet } from '../context.ts';
import type { Route } from '../routes.ts';
import { saidButton } from '../said-button.ts';
import { onePass } from './one-pass.ts';
import { recordNodes } from './record.ts';
import { removal } from './remove-pass.ts';

/** One pass: what it says, and how it stands. */
export function passView(wallet: Wallet, id: string): View {
  return onePass(wallet, id, wallet.speaker.say('pass'), (shown, root) => {
    root.append(...passNodes(shown, wallet));
    if (shown.facts?.profile === 'pass-plus') void addRecord(shown, wallet, root);
  });
}

function passNodes(shown: ShownPass, wallet: Wallet): readonly HTMLElement[] {
  const { speaker, go } = wallet;
  const { pass, facts } = shown;
  const way = (route: Route, said: 'acceptance' | 'print' | 'showCode', look: string): HTMLElement =>
    saidButton(
      speaker.say(said),
      () => {
        go(route);
      },
      { class: look },
    );
  const { id } = pass;
  return [
    element(
      'article',
      { class: `pass-sheet pass-${facts === null ? 'apart' : kindName(facts)}` },
      element(
        'h2',
        { class: 'pass-kind' },
        saidNode(facts === null ? speaker.say('apartCard') : kindWords(facts, speaker)),
      ),
      ...standingNodes(shown, wallet),
      ...(facts === null
        ? [element('p', {}, saidNode(speaker.say('apartMeaning')))]
        : [factsList(facts, pass.addedAt, wallet)]),
      element('div', { class: 'pass-record' }),
    ),
    element(
      'div',
      { class: 'acts' },
      ...(facts === null
        ? []
        : [
            way({ name: 'show', id }, 'showCode', 'primary big'),
            way({ name: 'acceptance', id }, 'acceptance', 'quiet'),
            way({ name: 'print', id }, 'print', 'quiet'),
          ]),
      ...moveButtons(id, wallet),
      removal(id, wallet),
    ),
  ];
}

function standingNodes(shown: ShownPass, { speaker, go }: Wallet): readonly HTMLElement[] {
  const { say, language } = speaker;
  const { decision, supersededBy } = shown;
  const state = stateOf(shown);
  const codes = decision.codes.filter((code) => code !== 'VALID');
  return [
    stateChip(state, speaker),
    ...(codes.length === 0
      ? []
      : explain(decision, language.base).map(({ text }) => element('p', { lang: language.base }, text))),
    ...(state === 'good' ? [] : nowWords(codes, speaker).map((said) => element('p', {}, saidNode(said)))),
    ...(codes.length === 0
      ? []
      : [
          element(
            'p',
            { class: 'small' },
            saidNode(say('supportCode', { code: codes.map((code) => SUPPORT_CODES[code]).join('-') })),
          ),
        ]),
    ...(supersededBy === null
      ? []
      : [
          element('p', {}, saidNode(say('newer'))),
          saidButton(
            say('toNewer'),
            () => {
              go({ name: 'pass', id: supersededBy });
            },
            { class: 'quiet' },
          ),
        ]),
  ];
}

function factsList(facts: PassFacts, addedAt: number, wallet: Wallet): HTMLElement {
  const { speaker } = wallet;
  const { say, language } = speaker;
  const { subject, issuer, nbf, exp, holder } = facts;
  const row = (
    name: 'name' | 'born' | 'issuer' | 'validFrom' | 'validUntil',
    value: Node | string,
  ): readonly HTMLElement[] => [
    element('dt', { class: 'small' }, saidNode(say(name))),
    element('dd', {}, value),
  ];
  return element(
    'div',
    {},
    element(
      'dl',
      { class: 'pass-facts' },
      ...row('name', subject === null ? saidNode(say('nameless')) : nameNode(subject.name)),
      ...(subject?.birthDate === null || subject === null
        ? []
        : row('born', element('bdi', {}, dateWords(subject.birthDate, language.tag)))),
      ...row(
        'issuer',
        element(
          'span',
          {},
          nameNode(issuer.name),
          ' · ',
          nameNode(jurisdictionName(issuer.jurisdiction, wallet)),
        ),
      ),
      ...row('validFrom', momentWords(nbf, speaker)),
      ...row('validUntil', exp === null ? saidNode(say('endless')) : momentWords(exp, speaker)),
    ),
    holder === null ? undefined : boundLine(holder, wallet),
    element('p', { class: 'small' }, saidNode(say('addedOn', { date: momentWords(addedAt, speaker) }))),
  );
}

/** By the registry. */
function jurisdictionName(code: string, { knowledge }: Wallet): string {
  const { trust } = knowledge.trust();
  if (typeof trust === 'string') return code;
  return trust.document.jurisdictions.find((one) => one.code === code)?.name ?? code;
}

/** Whose wallet it is bound to: the key of this one is read first. */
function boundLine(holder: string, { speaker, vault, attempt }: Wallet): HTMLElement {
  const line = element('p', { class: 'small' });
  void attempt(async () => {
    const { did } = await holderKeyOf(vault);
    line.append(saidNode(speaker.say(holder === did ? 'boundHere' : 'boundElsewhere')));
  });
  return line;
}

async function addRecord({ pass }: ShownPass, wallet: Wallet, root: HTMLElement): Promise<void> {
  const { knowledge, ports, speaker, attempt, vault } = wallet;
  await attempt(async () => {
    const record = await plusRecord(pass, knowledge.trust(), ports);
    if (record === null || vault.isLocked()) return;
    root.querySelector('.pass-record')?.replaceChildren(...recordNodes(record, speaker));
  });
}

function moveButtons(id: string, { speaker, vault, attempt, announce }: Wallet): readonly HTMLElement[] {
  const { say } = speaker;
  const passes = shelfOf(vault).people.find((person) => person.passes.includes(id))?.passes ?? [];
  const count = passes.length;
  if (count < 2) return [];
  let place = passes.indexOf(id);
  const made = ([-1, 1] as const).map((by) =>
    saidButton(say(by < 0 ? 'moveUp' : 'moveDown'), () => void move(by), { class: 'quiet' }),
  );
  tell();
  return [element('div', { class: 'moves' }, ...made)];

  function tell(): void {
    const [up, down] = made;
    up?.setAttribute('aria-disabled', String(place === 0));
    down?.setAttribute('aria-disabled', String(place === count - 1));
  }

  async function move(by: -1 | 1): Promise<void> {
    const next = place + by;
    if (next < 0 || next >= count) return;
    await attempt(async () => {
      await arrange(vault, (shelf) => movedPass(shelf, id, by));
      place = next;
      tell();
      announce(say('movedTo', { place: String(next + 1), all: String(count) }));
    });
  }
}
