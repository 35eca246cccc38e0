import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import type { Said } from '../../../verifier/web/parts/speaker.ts';
import { VaultError } from '../../vault/vault-error.ts';
import { faultNode, faultWords } from '../fault-words.ts';
import type { WalletSettings } from '../settings.ts';
import type { Speaker } from '../wallet-words.ts';
import { secretField } from './secret-field.ts';
import type { SecretAsked } from './secret-field.ts';
import { waitWords } from './wait-words.ts';

/** What a form of secrets is for. */
export interface SecretForm {
  readonly speaker: Speaker;
  readonly settings: Pick<WalletSettings, 'keyboard'>;
  /** Remember which keyboard was wanted. */
  readonly change: (changed: Pick<WalletSettings, 'keyboard'>) => void;
  readonly asked: readonly SecretAsked[];
  /** Before and after the fields. */
  readonly before?: readonly Node[];
  readonly after?: readonly Node[];
  readonly action: Said;
  readonly isDangerous?: boolean;
  /** Seconds until it may be tried. */
  readonly waitSeconds?: number;
  /** Do it, with what was typed by name; what is thrown is said in words. */
  readonly act: (values: Readonly<Record<string, string>>) => Promise<void>;
  /** What else can be done after that error. */
  readonly helpFor?: (error: unknown) => Node | undefined;
}

/** A form of secrets with one button: it says what is wrong with them, that it is working, and how long to wait. */
export function secretForm(given: SecretForm): { readonly root: HTMLFormElement; readonly stop: () => void } {
  const { speaker, settings, asked, before = [], after = [], action, act, waitSeconds = 0 } = given;
  const { say } = speaker;
  const valueOf = (name: string): string => fields.find((field) => field.name === name)?.input.value ?? '';
  const fields = asked.map((one) => secretField(one, speaker, valueOf));
  const answer = element('div', { class: 'answer', role: 'alert' });
  const working = element('p', { class: 'working', role: 'status' });
  const wait = element('p', { class: 'wait', role: 'status' });
  const go = element(
    'button',
    { type: 'submit', class: given.isDangerous === true ? 'danger big' : 'primary big' },
    saidNode(action),
  );
  const root = element(
    'form',
    { class: 'secret-form', novalidate: true },
    ...before,
    ...fields.map((field) => field.root),
    element('div', { class: 'typing' }, ...typingChoices()),
    ...after,
    answer,
    wait,
    go,
    working,
  );
  let waitUntil = performance.now() + 1000 * waitSeconds;
  let isWorking = false;
  const countDown = (): void => {
    const left = Math.ceil((waitUntil - performance.now()) / 1000);
    go.disabled = left > 0;
    const text = left > 0 ? say('waitFor', { time: waitWords(left, speaker) }) : undefined;
    if (wait.textContent !== (text?.text ?? ''))
      wait.replaceChildren(...(text === undefined ? [] : [saidNode(text)]));
  };
  countDown();
  const turn = setInterval(countDown, 250);
  root.addEventListener('submit', (event) => {
    event.preventDefault();
    if (isWorking || go.disabled) return;
    const wrong = fields.find((field) => !field.holds() || field.input.value === '');
    if (wrong === undefined) void run();
    else wrong.input.focus();
  });
  return {
    root,
    stop: () => {
      clearInterval(turn);
      // Nothing that was typed outlives its screen.
      for (const { input } of fields) input.value = '';
    },
  };

  async function run(): Promise<void> {
    setWorking(true);
    answer.replaceChildren();
    try {
      await act(Object.fromEntries(fields.map(({ name, input }) => [name, input.value])));
    } catch (error) {
      tell(error);
    } finally {
      setWorking(false);
    }
  }

  function setWorking(is: boolean): void {
    isWorking = is;
    root.setAttribute('aria-busy', String(is));
    for (const { input } of fields) input.readOnly = is;
    working.replaceChildren(...(is ? [saidNode(say('working'))] : []));
  }

  function tell(error: unknown): void {
    const help = given.helpFor?.(error);
    answer.replaceChildren(faultNode(faultWords(error, speaker)), ...(help === undefined ? [] : [help]));
    if (error instanceof VaultError && error.code === 'PIN_DELAYED') {
      waitUntil = performance.now() + 1000 * error.waitSeconds;
      countDown();
    }
    const [first] = fields;
    if (error instanceof VaultError && error.code === 'PIN_WRONG' && first !== undefined)
      first.input.value = '';
    first?.input.focus();
  }

  function typingChoices(): readonly Node[] {
    const setKeyboard = (keyboard: WalletSettings['keyboard']): void => {
      for (const { input } of fields) input.inputMode = keyboard === 'digits' ? 'numeric' : 'text';
    };
    setKeyboard(settings.keyboard);
    return [
      checkbox('show-typed', say('showTyped'), false, (shown) => {
        for (const { input } of fields) input.type = shown ? 'text' : 'password';
      }),
      checkbox('with-letters', say('withLetters'), settings.keyboard === 'letters', (isSet) => {
        const keyboard = isSet ? 'letters' : 'digits';
        setKeyboard(keyboard);
        given.change({ keyboard });
      }),
    ];
  }
}

function checkbox(name: string, label: Said, isSet: boolean, turned: (isSet: boolean) => void): HTMLElement {
  const box = element('input', { type: 'checkbox', name });
  box.checked = isSet;
  box.addEventListener('change', () => {
    turned(box.checked);
  });
  return element('label', { class: 'setting' }, box, saidNode(label));
}
