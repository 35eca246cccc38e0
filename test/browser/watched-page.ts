import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

declare global {
  // In the page: tell the test.
  var complain: (text: string) => void;
}

/** Gather whatever a page complains of, from now on: errors, breaches of its policy, dialogs. */
export async function complaintsOf(page: Page): Promise<readonly string[]> {
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog ${dialog.type()}`);
    void dialog.dismiss();
  });
  page.on('console', (line) => {
    // That the server cannot be reached is no fault of the page's.
    if (line.type() === 'error' && !/ERR_CONNECTION|ERR_FAILED/.test(line.text()))
      complaints.push(line.text());
  });
  await page.exposeFunction('complain', (text: string) => complaints.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      globalThis.complain(`policy: ${violatedDirective} ${blockedURI}`);
    });
  });
  return complaints;
}

/** Paste a text into the page: faster than a hand scanner. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((pasted) => {
    const data = new DataTransfer();
    data.setData('text/plain', pasted);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
  }, text);
}

/** Ask until it is so, for a minute: a page's own waiting takes a promise for a yes. */
export async function until(what: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 600; turn++) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('It never came to be so.');
}
