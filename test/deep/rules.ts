import { describe, test } from 'node:test';
import { DEEP } from '../properties/counts.ts';
import { RULES } from '../properties/rules.ts';
import { inWords } from '../properties/run.ts';

describe('no rule is fooled by the order of a record, by duplicates, or by the status of what does not count', () => {
  for (const { name, run } of RULES)
    test(name, async (context) => context.diagnostic(inWords(await run(DEEP.parser))));
});
