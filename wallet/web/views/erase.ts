import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import { eraseVault } from '../../vault/vault.ts';
import type { VaultPorts } from '../../vault/vault.ts';
import type { View, Wallet } from '../context.ts';
import { faultNode, faultWords } from '../fault-words.ts';
import type { Speaker } from '../wallet-words.ts';
import type { LockedWallet } from './locked.ts';
import { paragraph } from './paragraphs.ts';
import { typedWord } from './typed-word.ts';

/** Erase the open wallet. */
export function eraseView({ speaker, keeping }: Wallet): View {
  return view(speaker, keeping.ports, keeping.erased);
}

/** Erase a wallet that nobody can open. */
export function eraseLockedView({ speaker, ports, erased }: LockedWallet): View {
  return view(speaker, ports, erased);
}

function view(speaker: Speaker, ports: VaultPorts, erased: () => void): View {
  const { say } = speaker;
  const answer = element('div', { class: 'answer', role: 'alert' });
  const go = element(
    'button',
    { type: 'submit', class: 'danger big', disabled: true },
    saidNode(say('erase')),
  );
  const word = typedWord(speaker, 'eraseWord', (isTyped) => {
    go.disabled = !isTyped;
  });
  const form = element('form', { class: 'secret-form' }, word.root, answer, go);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (word.isTyped()) void erase();
  });
  return {
    title: say('erase'),
    root: element('div', { class: 'stage' }, paragraph(say('eraseWhat'), 'warning'), form),
  };

  async function erase(): Promise<void> {
    try {
      await eraseVault(ports);
      erased();
    } catch (error) {
      answer.replaceChildren(faultNode(faultWords(error, speaker)));
    }
  }
}
