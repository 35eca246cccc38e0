import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import { deletePass } from '../../passes/pass-box.ts';
import type { Wallet } from '../context.ts';
import { saidButton } from '../said-button.ts';

/** The button that deletes a pass, once somebody said so twice. */
export function removal(id: string, wallet: Wallet): HTMLElement {
  const { speaker, vault, attempt, announce, home } = wallet;
  const { say } = speaker;
  const dialog = element(
    'dialog',
    { class: 'sheet', 'aria-labelledby': 'remove-title' },
    element('h2', { id: 'remove-title' }, saidNode(say('removeTitle'))),
    element('p', {}, saidNode(say('removeMeaning'))),
    // First, and so with the focus: whoever presses Enter twice keeps the pass.
    saidButton(
      say('cancel'),
      () => {
        dialog.close();
      },
      { class: 'quiet' },
    ),
    saidButton(say('remove'), () => void remove(), { class: 'danger' }),
  );
  return element(
    'div',
    { class: 'removal' },
    saidButton(
      say('remove'),
      () => {
        dialog.showModal();
      },
      { class: 'quiet danger-quiet' },
    ),
    dialog,
  );

  async function remove(): Promise<void> {
    await attempt(async () => {
      await deletePass(vault, id);
      dialog.close();
      home();
      announce(say('removed'));
    });
  }
}
