import { button, element, type Child } from './elements.ts';

/** A question that stops everything else until it is answered. */
export interface Question {
  readonly title: string;
  readonly body: readonly Child[];
  /** The answer that does something; without it there is nothing but to close. */
  readonly does?: { readonly label: string; readonly danger?: boolean; readonly run: () => boolean };
  readonly leave: string;
}

/**
 * Asks in a dialog of the browser's own, which keeps the focus, closes by Escape, and gives the focus back. `run` says
 * whether it is answered; the focus begins at the first field, or where nothing happens.
 */
export function askDialog({ title, body, does, leave }: Question): HTMLDialogElement {
  const heading = element('h2', { id: 'dialog-title' }, title);
  const close = button(leave, {}, () => {
    dialog.close();
  });
  const act =
    does === undefined
      ? null
      : element('button', { type: 'submit', class: does.danger === true ? 'danger' : 'first' }, does.label);
  const form = element(
    'form',
    { method: 'dialog' },
    heading,
    ...body,
    element('div', { class: 'buttons' }, close, act),
  );
  const dialog = element('dialog', { 'aria-labelledby': 'dialog-title' }, form);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (does?.run() === true) dialog.close();
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  (form.querySelector<HTMLElement>('select, input, textarea') ?? close).focus();
  return dialog;
}
