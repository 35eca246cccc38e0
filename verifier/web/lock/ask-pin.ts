import { button, element } from '../parts/element.ts';
import { saidNode } from '../parts/said-text.ts';
import type { Speaker } from '../scanner-words.ts';

/** What a PIN opens. */
export interface Lock {
  readonly check: (pin: string) => Promise<boolean>;
  /** Seconds until the next try. */
  readonly waitSeconds: () => number;
}

/** Ask for the PIN until it is the right one or nobody knows it: answers which. */
export async function askPin(
  open: (dialog: HTMLDialogElement) => void,
  speaker: Speaker,
  lock: Lock,
): Promise<boolean> {
  const { say } = speaker;
  const input = element('input', {
    type: 'password',
    inputmode: 'numeric',
    autocomplete: 'off',
    required: true,
    'aria-describedby': 'pin-answer',
  });
  const answer = element('p', { class: 'question', id: 'pin-answer', role: 'status' });
  const go = element('button', { type: 'submit', class: 'primary' }, saidNode(say('continue')));
  const dialog = element('dialog', { class: 'sheet', 'aria-labelledby': 'pin-title' });
  const form = element(
    'form',
    { class: 'pin' },
    element('h2', { id: 'pin-title' }, saidNode(say('pinAsk'))),
    element('label', { class: 'setting' }, element('span', {}, saidNode(say('pin'))), input),
    answer,
    go,
    button(
      say('cancel').text,
      () => {
        dialog.close();
      },
      { class: 'quiet' },
    ),
  );
  dialog.append(form);
  let opened = false;
  let checking = false;
  let wasWrong = false;

  const tell = (): void => {
    const wait = lock.waitSeconds();
    go.disabled = checking || wait > 0;
    const lines = checking
      ? [say('checking')]
      : [
          ...(wasWrong ? [say('pinWrong')] : []),
          ...(wait > 0 ? [say('pinWait', { time: minutesWords(wait, speaker) })] : []),
        ];
    const view = element('p', {}, ...lines.flatMap((said) => [saidNode(said), ' ']));
    if (view.textContent !== answer.textContent) answer.replaceChildren(...view.childNodes);
  };
  const turn = setInterval(tell, 500);

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!checking && lock.waitSeconds() === 0) void tryPin();
  });
  open(dialog);
  tell();
  input.focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      clearInterval(turn);
      dialog.remove();
      resolve(opened);
    });
  });

  async function tryPin(): Promise<void> {
    checking = true;
    tell();
    // Painted before the page stands still for half a second.
    await new Promise((painted) => setTimeout(painted));
    opened = await lock.check(input.value);
    checking = false;
    if (opened) {
      dialog.close();
      return;
    }
    wasWrong = true;
    input.value = '';
    tell();
    input.focus();
  }
}

/** A wait in the words of the language; whole minutes from two on, so that a screen reader is not told every second. */
function minutesWords(seconds: number, { language }: Speaker): string {
  const isLong = seconds > 120;
  return new Intl.NumberFormat(language.tag, {
    style: 'unit',
    unit: isLong ? 'minute' : 'second',
    unitDisplay: 'long',
  }).format(isLong ? Math.ceil(seconds / 60) : Math.ceil(seconds / 10) * 10);
}
