import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import type { PassInput } from '../../passes/found-cards.ts';
import { addPasses } from '../../passes/pass-box.ts';
import type { Added } from '../../passes/pass-box.ts';
import { addedList, isForWantOfTrust } from '../cards/added-list.ts';
import type { View, Wallet } from '../context.ts';
import { saidButton } from '../said-button.ts';
import { passesNow } from '../shown-passes.ts';
import { routeFor } from '../taken.ts';
import { fileButton } from './file-button.ts';

/** What became of an input, for whoever comes back to its screen: it is not added a second time. */
const answers = new WeakMap<PassInput, readonly Added[]>();

/** Ways to add a pass, and what became of one. */
export function addView(wallet: Wallet, input?: PassInput): View {
  return input === undefined ? waysView(wallet) : resultView(wallet, input);
}

function waysView({ speaker, go, ports, attempt }: Wallet): View {
  const { say } = speaker;
  const field = element('textarea', {
    rows: '4',
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
  });
  const form = element(
    'form',
    { class: 'add-text' },
    element('label', {}, element('span', {}, saidNode(say('textField'))), field),
    element('button', { type: 'submit', class: 'primary' }, saidNode(say('takeText'))),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value;
    if (text.trim() === '') field.focus();
    else
      void attempt(async () => {
        go(await routeFor({ text }, ports));
      });
  });
  const root = element(
    'div',
    { class: 'stage add' },
    element('p', {}, saidNode(say('addMeaning'))),
    saidButton(
      say('byCamera'),
      () => {
        go({ name: 'scan' });
      },
      { class: 'primary big' },
    ),
    fileButton(say('byFile'), (file) => {
      void attempt(async () => {
        go(await routeFor({ file }, ports));
      });
    }),
    saidButton(
      say('retrieve'),
      () => {
        go({ name: 'retrieve' });
      },
      { class: 'quiet big' },
    ),
    form,
    element('p', { class: 'small' }, saidNode(say('otherWays'))),
  );
  return { title: say('add'), root };
}

function resultView(wallet: Wallet, input: PassInput): View {
  const { speaker, vault, knowledge, ports, attempt, go, home } = wallet;
  const { say } = speaker;
  const told = element('div', { class: 'added-place', role: 'status' });
  const acts = element('div', { class: 'acts' });
  let isOver = false;
  void add();
  return {
    title: say('add'),
    root: element('div', { class: 'stage' }, told, acts),
    stop: () => {
      isOver = true;
    },
  };

  async function add(): Promise<void> {
    told.replaceChildren(element('p', {}, saidNode(say('checking'))));
    await attempt(async () => {
      const added = answers.get(input) ?? (await addPasses(vault, input, knowledge.trust(), ports));
      answers.set(input, added);
      const passes = await passesNow(wallet);
      if (isOver) return;
      told.replaceChildren(addedList(added, passes, wallet, input));
      acts.replaceChildren(...actsAfter(added));
    });
  }

  function actsAfter(added: readonly Added[]): readonly HTMLElement[] {
    const mayTryAgain = isForWantOfTrust(added);
    return [
      ...(mayTryAgain ? [saidButton(say('tryAgain'), () => void again(), { class: 'primary big' })] : []),
      saidButton(say('toPasses'), home, { class: mayTryAgain ? 'quiet big' : 'primary big' }),
      saidButton(
        say('addAnother'),
        () => {
          go({ name: 'add' });
        },
        { class: 'quiet' },
      ),
    ];
  }

  /** The same input, with newer trust data: nothing has to be scanned twice. */
  async function again(): Promise<void> {
    acts.replaceChildren();
    told.replaceChildren(element('p', {}, saidNode(say('checking'))));
    await knowledge.refresh();
    answers.delete(input);
    if (!isOver) await add();
  }
}
