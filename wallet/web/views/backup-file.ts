import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import type { Speaker } from '../wallet-words.ts';

/** A field for the file of a backup. */
export interface BackupFileField {
  readonly root: HTMLElement;
  /** Its text; undefined if none was chosen, which is then said. */
  readonly text: () => Promise<string | undefined>;
}

/** Beyond what any backup has: a film chosen by mistake is not read. */
const MAX_FILE_BYTES = 40_000_000;

/** Ask for the file of a backup. */
export function backupFileField({ say }: Speaker): BackupFileField {
  const wrong = element('p', { class: 'wrong', id: 'wrong-file', role: 'alert' });
  const input = element('input', {
    type: 'file',
    name: 'file',
    id: 'field-file',
    accept: '.json,application/json',
    'aria-describedby': 'wrong-file',
  });
  input.addEventListener('change', () => {
    wrong.replaceChildren();
  });
  return {
    root: element(
      'div',
      { class: 'secret-field' },
      element('label', { for: 'field-file' }, saidNode(say('backupFile'))),
      input,
      wrong,
    ),
    text: async () => {
      const file = input.files?.[0];
      if (file === undefined) {
        wrong.replaceChildren(saidNode(say('backupNone')));
        input.focus();
        return undefined;
      }
      return file.slice(0, MAX_FILE_BYTES).text();
    },
  };
}
