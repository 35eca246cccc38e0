import type { Page } from 'playwright-core';
import { encodeCompactJws } from '../../../credential/jws.ts';
import type { ExporterKey } from '../../../verifier/node/exporter-key.ts';
import { encodeSetupCode, setupSigningInput } from '../../../verifier/pipeline/setup-code.ts';
import type { SetupCode } from '../../../verifier/pipeline/setup-code.ts';
import { EXPORTER, NOW, paste } from './door.ts';

const DAY = 86_400;

/** What the code of a venue says, unless a test says otherwise. */
export const HALL: SetupCode = {
  id: 'HarbourHall-0001',
  name: 'Harbour Hall',
  rules: 'none',
  languages: [],
  pin: null,
  registry: null,
  iat: NOW - 60,
  takeUntil: NOW + DAY,
  exp: NOW + 365 * DAY,
};

/** A set-up code of the node's key, or of that one under the name of another. */
export function setupOf(
  said: Partial<SetupCode> = {},
  { key = EXPORTER, kid = key.kid }: { readonly key?: ExporterKey; readonly kid?: string } = {},
): string {
  const input = setupSigningInput(kid, { ...HALL, ...said });
  return encodeSetupCode(encodeCompactJws(input, key.sign(new TextEncoder().encode(input))));
}

/** Show a code, and confirm what it will do. */
export async function setUp(page: Page, code: string): Promise<void> {
  await paste(page, code);
  await page.locator('dialog[open]').getByRole('button', { name: 'Set up' }).click();
  await page.locator('.idle .venue').waitFor();
}

/** Type the PIN that is asked for. */
export async function enterPin(page: Page, pin: string): Promise<void> {
  await page.getByLabel('PIN', { exact: true }).fill(pin);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** Forget every venue, and load the page. */
export async function withoutVenues(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith('pratique-scanner-venues') || name.startsWith('pratique-scanner-tries'))
        localStorage.removeItem(name);
    }
    localStorage.setItem(
      'pratique-scanner-settings',
      JSON.stringify({ language: 'en', introduced: true, greenSeconds: 30 }),
    );
  });
  await page.reload();
  // By what the node says now, not by what was kept: a test before may have had it say something else.
  await page.locator('.banner-facts', { hasText: 'Online' }).filter({ hasText: /\d/ }).waitFor();
}
