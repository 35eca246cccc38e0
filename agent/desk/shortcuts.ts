import { askDialog } from './ask-dialog.ts';
import { element } from './elements.ts';
import { keepKeys, keysAtFirst } from './settings.ts';
import type { DeskWords } from './words/table.ts';

/** What single keys do. */
export interface Shortcuts {
  readonly view: (at: number) => void;
  readonly lock: () => void;
  readonly help: () => void;
}

/** Listens for single keys wherever nobody is typing, until the answer is called. */
export function listenForKeys({ view, lock, help }: Shortcuts): () => void {
  const end = new AbortController();
  document.addEventListener(
    'keydown',
    (event) => {
      const { key, target, ctrlKey, altKey, metaKey, isComposing } = event;
      if (ctrlKey || altKey || metaKey || isComposing || event.repeat || !keysAtFirst()) return;
      if (target instanceof HTMLElement && target.closest('input, select, textarea, dialog') !== null) return;
      if (/^[1-9]$/.test(key)) view(Number(key) - 1);
      else if (key === '?') help();
      else if (key === 'l') lock();
      else if (key === '/') document.querySelector<HTMLElement>('main input, main select')?.focus();
      else return;
      event.preventDefault();
    },
    { signal: end.signal },
  );
  return () => {
    end.abort();
  };
}

/** The list of shortcuts, with the way to switch the single keys off. */
export function showShortcuts({ keys, shell }: DeskWords, views: number): void {
  const on = element('input', { type: 'checkbox', id: 'keys-on' });
  on.checked = keysAtFirst();
  on.addEventListener('change', () => {
    keepKeys(on.checked);
  });
  const rows: readonly (readonly [string, string])[] = [
    ['/', keys.first],
    [views > 1 ? `1 – ${views}` : '1', keys.views],
    ['Enter', keys.open],
    ['↑ ↓', keys.move],
    ['l', keys.lock],
    ['Esc', keys.leave],
    ['?', keys.help],
  ];
  askDialog({
    title: keys.title,
    body: [
      element(
        'dl',
        { class: 'keys' },
        ...rows.map(([key, does]) =>
          element('div', {}, element('dt', {}, element('kbd', {}, key)), element('dd', {}, does)),
        ),
      ),
      element('p', { class: 'hint' }, keys.note),
      element('p', { class: 'choice' }, on, element('label', { for: 'keys-on' }, keys.on)),
    ],
    leave: shell.close,
  });
}
