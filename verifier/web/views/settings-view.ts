import { ownVoice } from '../cues/own-voice.ts';
import { button, element } from '../parts/element.ts';
import { saidNode } from '../parts/said-text.ts';
import { SCANNER_LANGUAGES } from '../scanner-words.ts';
import type { Speaker } from '../scanner-words.ts';
import { THEMES } from '../parts/theme.ts';
import type { Theme } from '../parts/theme.ts';
import { GREEN_SECONDS } from '../settings.ts';
import type { Settings } from '../settings.ts';
import type { ScannerWords } from '../words/table.ts';

/** What the settings act on. */
export interface SettingsActs {
  readonly change: (changed: Partial<Settings>) => void;
  readonly refresh: () => void;
  readonly endShift: () => void;
  /** Have guests scan by themselves. */
  readonly kiosk: () => void;
  /** Open the venues of this device; undefined if there are none. */
  readonly venues: (() => void) | undefined;
  readonly startAnew: () => void;
}

/** The settings of this device, the shift, and what the page keeps and sends. */
export function settingsView(
  settings: Settings,
  speaker: Speaker,
  { shiftCount, first }: { readonly shiftCount: number | null; readonly first: readonly string[] },
  acts: SettingsActs,
): HTMLDialogElement {
  const { say } = speaker;
  const dialog = element('dialog', { class: 'sheet', 'aria-labelledby': 'settings-title' });
  const close = (): void => {
    dialog.close();
  };
  const toggle = (key: 'twoStep' | 'sounds' | 'vibration'): HTMLElement => {
    const box = element('input', { type: 'checkbox', name: key });
    box.checked = settings[key];
    box.addEventListener('change', () => {
      acts.change({ [key]: box.checked });
    });
    return element('label', { class: 'setting' }, box, saidNode(say(key)));
  };
  dialog.append(
    element('h2', { id: 'settings-title' }, saidNode(say('settings'))),
    chooser(
      say('language').text,
      languagesInOrder(first).map(({ tag, name }) => ({ value: tag, name, lang: tag })),
      speaker.language.tag,
      (tag) => {
        close();
        acts.change({ language: tag });
      },
    ),
    chooser(
      say('greenFor').text,
      GREEN_SECONDS.map((seconds) => ({
        value: String(seconds),
        name: say('seconds', { seconds: seconds.toLocaleString(speaker.language.tag) }).text,
      })),
      String(settings.greenSeconds),
      (seconds) => {
        acts.change({ greenSeconds: Number(seconds) });
      },
    ),
    chooser(
      say('appearance').text,
      THEMES.map((value) => ({ value, name: say(THEME_WORDS[value]).text })),
      settings.theme,
      (value) => {
        acts.change({ theme: THEMES.find((one) => one === value) ?? THEMES[0] });
      },
    ),
    toggle('twoStep'),
    toggle('sounds'),
    toggle('vibration'),
    paragraph('bystanders'),
    cuesToggle(settings, speaker, acts.change),
    toDialog('kiosk', acts.kiosk),
    ...(acts.venues === undefined ? [] : [toDialog('venues', acts.venues)]),
    element('h3', {}, saidNode(say('shift'))),
    element(
      'p',
      {},
      saidNode(shiftCount === null ? say('shiftFew') : say('shiftCount', { count: String(shiftCount) })),
    ),
    button(
      say('endShift').text,
      () => {
        close();
        acts.endShift();
      },
      { class: 'quiet' },
    ),
    element('h3', {}, saidNode(say('privacy'))),
    paragraph('stores'),
    paragraph('sends'),
    button(say('refresh').text, acts.refresh, { class: 'quiet' }),
    toDialog('startAnew', acts.startAnew),
    button(say('close').text, close, { class: 'primary' }),
  );
  dialog.addEventListener('close', () => {
    dialog.remove();
  });
  return dialog;

  function toDialog(key: keyof ScannerWords, go: () => void): HTMLElement {
    return button(
      say(key).text,
      () => {
        close();
        go();
      },
      { class: 'quiet' },
    );
  }

  function paragraph(key: keyof ScannerWords): HTMLElement {
    return element('p', { class: 'small' }, saidNode(say(key)));
  }
}

/** Those of the venue first. */
function languagesInOrder(first: readonly string[]): typeof SCANNER_LANGUAGES {
  const place = (tag: string): number => (first.includes(tag) ? first.indexOf(tag) : first.length);
  return SCANNER_LANGUAGES.toSorted((one, other) => place(one.tag) - place(other.tag));
}

const THEME_WORDS: Readonly<Record<Theme, keyof ScannerWords>> = {
  system: 'themeSystem',
  light: 'themeLight',
  dark: 'themeDark',
};

/** It stays off where only a company's server could speak, and says so. */
function cuesToggle(
  { cues }: Settings,
  { say }: Speaker,
  change: (changed: Pick<Settings, 'cues'>) => void,
): HTMLElement {
  const isSpoken = (): boolean => ownVoice(say('cueTurn').tag) !== undefined;
  const box = element('input', { type: 'checkbox', name: 'cues', 'aria-describedby': 'cues-note' });
  const note = element('p', { class: 'small', id: 'cues-note', role: 'status' });
  const tell = (key: 'cuesNote' | 'cuesNoVoice'): void => {
    note.replaceChildren(saidNode(say(key)));
  };
  box.checked = cues && isSpoken();
  tell(cues && !isSpoken() ? 'cuesNoVoice' : 'cuesNote');
  box.addEventListener('change', () => {
    if (box.checked && !isSpoken()) {
      box.checked = false;
      tell('cuesNoVoice');
      return;
    }
    tell('cuesNote');
    change({ cues: box.checked });
  });
  return element('div', {}, element('label', { class: 'setting' }, box, saidNode(say('cues'))), note);
}

interface Choice {
  readonly value: string;
  readonly name: string;
  readonly lang?: string;
}

/** A labelled list of choices. */
export function chooser(
  name: string,
  choices: readonly Choice[],
  chosen: string,
  choose: (value: string) => void,
): HTMLLabelElement {
  const select = element(
    'select',
    {},
    ...choices.map(({ value, name: text, lang }) => element('option', { value, lang }, text)),
  );
  select.value = chosen;
  select.addEventListener('change', () => {
    choose(select.value);
  });
  return element('label', { class: 'setting' }, element('span', {}, name), select);
}
