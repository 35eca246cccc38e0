import { button, element, type Child } from './elements.ts';

/** A list of which one is chosen. */
export interface PickList {
  readonly list: HTMLElement;
  /** Shows which one is chosen. */
  readonly mark: (chosen: number | undefined) => void;
  readonly focus: (at: number) => void;
}

/** One button an item, and the arrow keys go from one to the next: Tab leaves the list as soon as one wants to. */
export function pickList(
  label: string,
  items: readonly (readonly Child[])[],
  pick: (at: number) => void,
): PickList {
  const buttons = items.map((children, at) => {
    const made = button('', { class: 'result', 'aria-current': 'false' }, () => {
      pick(at);
    });
    made.append(...children.filter((child) => child !== null));
    return made;
  });
  const list = element(
    'ul',
    { class: 'result-list', 'aria-label': label },
    ...buttons.map((one) => element('li', {}, one)),
  );
  list.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const at = buttons.findIndex((one) => one === document.activeElement);
    if (step === 0 || at < 0) return;
    event.preventDefault();
    buttons[Math.min(Math.max(at + step, 0), buttons.length - 1)]?.focus();
  });
  return {
    list,
    mark: (chosen) => {
      for (const [at, one] of buttons.entries()) one.setAttribute('aria-current', String(at === chosen));
    },
    focus: (at) => buttons[at]?.focus(),
  };
}
