import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import type { Said } from '../../../verifier/web/parts/speaker.ts';

/** A button that opens a file or picture of the device. */
export function fileButton(said: Said, open: (file: File) => void): HTMLElement {
  const input = element('input', { type: 'file', class: 'file' });
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    // The same file may be chosen again.
    input.value = '';
    if (file !== undefined) open(file);
  });
  return element('label', { class: 'button quiet' }, saidNode(said), input);
}
