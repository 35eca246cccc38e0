import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { cardOf, NOW, paste, UNLISTED, verdictOn } from './door.ts';

const uriOf = (jws: string): string => encodeCardUri(jws, 'shc');
/** A card that is accepted. */
export const GOOD = uriOf(cardOf({ given: 'Nora', family: 'Green' }));
/** A card that expired. */
export const LATE = uriOf(cardOf({ given: 'Eve', family: 'Late' }, { exp: NOW - 5 }));
const UNKNOWN = uriOf(cardOf({ given: 'Una', family: 'Orange' }, { key: UNLISTED }));

/** What is shown, by how one gets there. */
export const STAGES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'the first page': async (page) => page.locator('.idle').waitFor(),
  'the camera': async (page) => {
    await page.locator('.actions .primary').click();
    await page.locator('.scan').waitFor();
  },
  green: async (page) => show(page, GOOD, 'accepted'),
  red: async (page) => {
    await show(page, LATE, 'rejected');
    await page.locator('summary').click();
  },
  orange: async (page) => show(page, UNKNOWN, 'undetermined'),
  grey: async (page) => show(page, 'https://restaurant.example/menu', 'unreadable'),
  'the settings': async (page) => {
    await page.locator('.gear').click();
    await page.locator('dialog[open]').waitFor();
  },
  'the choice of rules': async (page) => {
    await page.locator('.mode button').click();
    await page.locator('dialog[open]').waitFor();
  },
};

/** Show a card, and wait for its outcome. */
export async function show(page: Page, text: string, kind: string): Promise<void> {
  await paste(page, text);
  await verdictOn(page, kind);
}

declare global {
  // In the page.
  var axe: typeof import('axe-core');
}

/** What a page is given for `axeFaults`. */
export const AXE = { content: axe.source };

/** What axe-core finds against WCAG 2.2 AA on the page, by rule. */
export async function axeFaults(page: Page): Promise<readonly (readonly string[])[]> {
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
  });
}
