import axe from 'axe-core';
import type { Page } from 'playwright-core';

declare global {
  // In the page.
  var axe: typeof import('axe-core');
}

/** What axe-core finds against WCAG 2.2 AA on that page now, and whether it is wider than the screen. */
export async function violationsOn(page: Page): Promise<readonly unknown[]> {
  // As the test, not as the page: its policy lets nothing in.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    const wide = document.documentElement.scrollWidth - innerWidth;
    return [
      ...violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]),
      ...(wide > 0 ? [[`${wide} pixels too wide`]] : []),
    ];
  });
}
