import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the rule sets and value sets lie that come with the program. */
const FOLDER = fileURLToPath(new URL('../rules', import.meta.url));
/** Beside each set its tests. */
const TESTS = '.tests.json';

/** A rule set or value set that comes with the program. */
export interface ShippedFile {
  readonly path: string;
  readonly text: string;
}

let shipped: readonly ShippedFile[] | undefined;

/** What comes with the program, read when first asked for. They are nobody's rules until a jurisdiction publishes their digests. */
export function shippedRules(): readonly ShippedFile[] {
  shipped ??= readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && !name.endsWith(TESTS))
    .toSorted()
    .map((name) => {
      const path = join(FOLDER, name);
      return { path, text: readFileSync(path, 'utf8') };
    });
  return shipped;
}

let texts: readonly string[] | undefined;

/** Their texts: the same list each time, so that what is read of it is read once. */
export function shippedTexts(): readonly string[] {
  texts ??= shippedRules().map(({ text }) => text);
  return texts;
}
