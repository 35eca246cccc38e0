import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** WCAG 2.2 at level AA, with what axe-core holds for good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** That axe-core finds nothing in a page, whatever of it can be seen. */
export async function assertAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(async (values) => {
    const { axe: runner } = globalThis as unknown as { readonly axe: typeof axe };
    const found = await runner.run(document, { runOnly: { type: 'tag', values } });
    return {
      violations: found.violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`,
      ),
      passes: found.passes.map(({ id }) => id),
    };
  }, RULES);
  assert.ok(passes.includes('color-contrast') && passes.includes('button-name'), where);
  assert.deepEqual(violations, [], where);
}

/** That nothing of a page is to be reached by scrolling sideways only (WCAG 1.4.10). */
export async function assertNarrow(page: Page, where: string): Promise<void> {
  const [inside, outside] = await page.evaluate(() => [
    document.documentElement.clientWidth,
    document.documentElement.scrollWidth,
  ]);
  assert.equal(outside, inside, where);
}
