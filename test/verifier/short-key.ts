import { thumbprint } from '../../credential/jwk.ts';
import { newKey } from '../support/cards.ts';
import type { TestKey } from '../support/cards.ts';

/**
 * A key whose x begins with a zero byte, and the same as some publish it, with the byte left out: one point, two kids.
 * One key in 256 is such a key.
 */
export function shortKey(): { readonly full: TestKey; readonly short: TestKey } {
  for (;;) {
    const full = newKey();
    const bytes = Buffer.from(full.x, 'base64url');
    if (bytes[0] !== 0) continue;
    const x = bytes.subarray(1).toString('base64url');
    return { full, short: { ...full, x, kid: thumbprint({ x, y: full.y }) } };
  }
}
