import { describe, test } from 'node:test';
import { CARD_BYTES } from '../properties/card-bytes.ts';
import { DEEP } from '../properties/counts.ts';
import { inWords } from '../properties/run.ts';

describe('a card with one byte changed, any to any other, is refused or the same card', () => {
  for (const { name, run } of CARD_BYTES)
    test(name, async (context) => context.diagnostic(inWords(await run(DEEP.bytes))));
});
