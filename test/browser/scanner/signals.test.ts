import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { enlarged } from '../../support/pictures.ts';
import { blurred } from './camera-film.ts';
import { cardCode, cardOf, codeOf, openDoor, paste, UNLISTED, until, verdictOn } from './door.ts';
import type { Door } from './door.ts';

const GOOD = cardOf({ given: 'Nora', family: 'Green' });
/** One of each outcome that is told apart without looking. */
const OUTCOMES = {
  accepted: encodeCardUri(GOOD, 'shc'),
  rejected: encodeCardUri(cardOf({ given: 'Max', family: 'Red' }, { rid: 'rid-revoked' }), 'shc'),
  undetermined: encodeCardUri(cardOf({ given: 'Una', family: 'Orange' }, { key: UNLISTED }), 'shc'),
};

declare global {
  // In the page: what could be heard, felt, and understood.
  var heard: number[];
  var felt: unknown[];
  var spoken: { readonly text: string; readonly lang: string; readonly isLocal: boolean }[];
}

/** In the page: note what the real sound is made of, and what is asked of the motor that this machine has not. */
function listen(): void {
  globalThis.heard = [];
  globalThis.felt = [];
  globalThis.OscillatorNode = class extends OscillatorNode {
    override start(when?: number): void {
      globalThis.heard.push(this.frequency.value);
      super.start(when);
    }
  };
  navigator.vibrate = (pattern) => {
    globalThis.felt.push(pattern);
    return true;
  };
}

/** In the page: voices in place of those that this machine has not, named in sessionStorage; and what they were to say. */
function giveVoices(): void {
  globalThis.spoken = [];
  const given = JSON.parse(sessionStorage.getItem('voices') ?? '[]') as SpeechSynthesisVoice[];
  speechSynthesis.getVoices = () => given;
  globalThis.SpeechSynthesisUtterance = class {
    readonly text: string;
    voice: SpeechSynthesisVoice | null = null;
    lang = '';
    constructor(text: string) {
      this.text = text;
    }
  } as unknown as typeof SpeechSynthesisUtterance;
  speechSynthesis.speak = ({ text, lang, voice }) => {
    globalThis.spoken.push({ text, lang, isLocal: voice?.localService === true });
  };
}

const ENGLISH = { name: 'Own', lang: 'en_US', localService: true };
const COMPANY = { name: 'Cloud', lang: 'en-US', localService: false };
const TAIWAN = { name: 'Own', lang: 'zh-TW', localService: true };

describe('outcomes without looking', { skip: withoutChromium }, () => {
  let door: Door;
  before(async () => {
    const half = Math.ceil(GOOD.length / 2);
    const chunks = [GOOD.slice(0, half), GOOD.slice(half)].map((part, place) =>
      encodeCardUri(part, 'shc').replace('shc:/', `shc:/${place + 1}/2/`),
    );
    door = await openDoor({
      film: [
        { picture: { width: 1, height: 1, at: () => 0 }, frames: 10 },
        { picture: blurred(enlarged(cardCode(GOOD, 1), 3), 2), frames: 10 },
        ...chunks.map((chunk) => ({ picture: codeOf(chunk, 4), frames: 10 })),
      ],
    });
    await door.page.addInitScript(listen);
    await door.page.addInitScript(giveVoices);
  });
  after(async () => {
    await door.close();
    assert.deepEqual(door.complaints, []);
  });

  async function reopen(settings: object, voices: readonly object[] = []): Promise<void> {
    await door.page.evaluate(
      ([changed, given]) => {
        const all = { language: 'en', introduced: true, greenSeconds: 30, ...changed };
        localStorage.setItem('pratique-scanner-settings', JSON.stringify(all));
        sessionStorage.setItem('voices', JSON.stringify(given));
      },
      [settings, voices] as const,
    );
    await door.page.reload();
    await door.page.locator('.banner-facts').filter({ hasText: /\d/ }).waitFor();
  }

  async function noted(): Promise<readonly [readonly number[], readonly unknown[], readonly string[]]> {
    return door.page.evaluate(() => {
      const all = [globalThis.heard, globalThis.felt, globalThis.spoken.map(({ text }) => text)] as const;
      globalThis.heard = [];
      globalThis.felt = [];
      globalThis.spoken = [];
      return all;
    });
  }

  /** Show a card of each outcome, and answer what was noted of each. */
  async function goThrough(): Promise<Record<string, Awaited<ReturnType<typeof noted>>>> {
    const all: Record<string, Awaited<ReturnType<typeof noted>>> = {};
    for (const [kind, text] of Object.entries(OUTCOMES)) {
      await paste(door.page, text);
      await verdictOn(door.page, kind);
      all[kind] = await noted();
    }
    return all;
  }

  test('nothing is heard, felt or spoken until somebody wants it', async () => {
    await reopen({}, [ENGLISH]);
    const silence = [[], [], []];
    assert.deepEqual(await goThrough(), { accepted: silence, rejected: silence, undetermined: silence });
    await door.page.locator('.gear').click();
    for (const name of ['sounds', 'vibration', 'cues']) {
      assert.equal(await door.page.locator(`input[name=${name}]`).isChecked(), false, name);
    }
    const dialog = await door.page.locator('dialog').innerText();
    assert.match(dialog, /People nearby hear or notice the result/);
    assert.match(dialog, /People nearby hear them\. Names are never spoken/);
  });

  test('three outcomes have three sounds and three patterns, each by itself', async () => {
    await reopen({ sounds: true });
    assert.deepEqual(await goThrough(), {
      accepted: [[660, 880], [], []],
      rejected: [[220, 220, 220], [], []],
      undetermined: [[440, 330], [], []],
    });
    await reopen({ vibration: true });
    assert.deepEqual(await goThrough(), {
      accepted: [[], [[80]], []],
      rejected: [[], [[250, 100, 250]], []],
      undetermined: [[], [[120, 80, 120]], []],
    });
  });

  describe('spoken cues', () => {
    test('a voice that a company’s server speaks with is none: the option says so and stays off', async () => {
      await reopen({}, [COMPANY]);
      await door.page.locator('.gear').click();
      const box = door.page.locator('input[name=cues]');
      await box.click();
      await door.page.getByText('This device has no voice of its own for this language').waitFor();
      assert.equal(await box.isChecked(), false);
      await reopen({ cues: true }, [COMPANY]);
      await goThrough();
      await door.page.locator('.gear').click();
      assert.equal(await box.isChecked(), false);
      await door.page.getByText('This device has no voice of its own for this language').waitFor();
      await reopen({ cues: true }, [COMPANY]);
      assert.deepEqual((await goThrough())['accepted'], [[], [], []]);
    });

    test('a voice of this device says the outcome and never a name, in the scanner’s language', async () => {
      await reopen({}, [COMPANY, ENGLISH]);
      await door.page.locator('.gear').click();
      await door.page.locator('input[name=cues]').click();
      await door.page.keyboard.press('Escape');
      assert.deepEqual(await goThrough(), {
        accepted: [[], [], ['Accepted.']],
        rejected: [[], [], ['Not accepted. Please ask the staff.']],
        undetermined: [[], [], ['Please ask the staff.']],
      });
      await reopen({ cues: true, language: 'zh-Hant' }, [ENGLISH, TAIWAN]);
      await paste(door.page, OUTCOMES.accepted);
      await verdictOn(door.page, 'accepted');
      assert.deepEqual(await door.page.evaluate(() => globalThis.spoken), [
        { text: '通過。', lang: 'zh-TW', isLocal: true },
      ]);
    });

    test('it says what to do with the code, how far a card of several codes has come, and how it ended', async () => {
      await reopen({ cues: true, greenSeconds: 0.8 }, [COMPANY, ENGLISH]);
      await door.page.locator('.actions .primary').click();
      const cues = ['Turn the code towards me.', 'Hold still.', 'Part 1 of 2.', 'Accepted.'];
      await until(async () =>
        door.page.evaluate(
          (wanted) => wanted.every((cue) => globalThis.spoken.some(({ text }) => text === cue)),
          cues,
        ),
      );
      const spoken = await door.page.evaluate(() => globalThis.spoken);
      assert.ok(spoken.every(({ text, isLocal }) => isLocal && !/Nora|Green/.test(text)));
    });
  });
});
