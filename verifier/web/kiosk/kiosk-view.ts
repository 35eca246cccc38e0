import { button, element } from '../parts/element.ts';
import { saidNode } from '../parts/said-text.ts';
import type { Speaker } from '../scanner-words.ts';
import { KIOSK_SECONDS } from '../settings.ts';
import type { KioskTerms } from '../settings.ts';
import { chooser } from '../views/settings-view.ts';

/** Digits, since a kiosk may have no keyboard but the one that it shows. */
const PIN = /^[0-9]{4,12}$/;

/** On what terms guests are to scan by themselves; without a venue's PIN one is chosen, and typed twice. */
export function kioskView(
  speaker: Speaker,
  hasVenuePin: boolean,
  start: (seconds: KioskTerms['seconds'], pin: string) => void,
): HTMLDialogElement {
  const { say } = speaker;
  let seconds: KioskTerms['seconds'] = KIOSK_SECONDS[1];
  const pin = pinInput();
  const again = pinInput();
  const fault = element('p', { class: 'question', id: 'kiosk-fault', role: 'alert' });
  const dialog = element('dialog', { class: 'sheet', 'aria-labelledby': 'kiosk-title' });
  const form = element(
    'form',
    { class: 'pin', novalidate: true },
    element('h2', { id: 'kiosk-title' }, saidNode(say('kiosk'))),
    element('p', {}, saidNode(say('kioskAbout'))),
    chooser(
      say('kioskShow').text,
      KIOSK_SECONDS.map((value) => ({
        value: String(value),
        name: say('seconds', { seconds: value.toLocaleString(speaker.language.tag) }).text,
      })),
      String(seconds),
      (value) => {
        seconds = KIOSK_SECONDS.find((one) => String(one) === value) ?? seconds;
      },
    ),
    ...(hasVenuePin
      ? [element('p', { class: 'small' }, saidNode(say('kioskVenuePin')))]
      : [labelled('kioskPin', pin), labelled('kioskPinAgain', again)]),
    fault,
    element('button', { type: 'submit', class: 'primary' }, saidNode(say('kioskStart'))),
    button(
      say('cancel').text,
      () => {
        dialog.close();
      },
      { class: 'quiet' },
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const wrong = hasVenuePin ? undefined : faultOf(pin.value, again.value);
    if (wrong !== undefined) {
      fault.replaceChildren(saidNode(say(wrong)));
      (wrong === 'kioskPinShort' ? pin : again).focus();
      return;
    }
    dialog.close();
    start(seconds, pin.value);
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
  });
  dialog.append(form);
  return dialog;

  function labelled(key: 'kioskPin' | 'kioskPinAgain', input: HTMLInputElement): HTMLElement {
    return element('label', { class: 'setting' }, element('span', {}, saidNode(say(key))), input);
  }
}

function pinInput(): HTMLInputElement {
  return element('input', {
    type: 'password',
    inputmode: 'numeric',
    autocomplete: 'off',
    'aria-describedby': 'kiosk-fault',
  });
}

function faultOf(pin: string, again: string): 'kioskPinShort' | 'kioskPinDiffers' | undefined {
  if (!PIN.test(pin)) return 'kioskPinShort';
  return pin === again ? undefined : 'kioskPinDiffers';
}
