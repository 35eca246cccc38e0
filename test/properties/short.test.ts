import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ASKING_PARSERS } from './asking.ts';
import { CARD_BYTES } from './card-bytes.ts';
import { SHORT } from './counts.ts';
import { LIST_PAIRS } from './list-pairs.ts';
import { LIST_PARSERS } from './list-parsers.ts';
import { PAIRS } from './pairs.ts';
import { BYTE_PARSERS, JSON_READERS, TEXT_PARSERS } from './parsers.ts';
import { RULE_READERS } from './rule-readers.ts';
import { RULES } from './rules.ts';
import { WHOLE } from './whole.ts';

// The same inputs each time, so that what fails is the change and not the day; the deep run takes others each time.
fc.configureGlobal({ seed: 20_211_120 });

describe('a parser answers or refuses whatever it is given, in time', () => {
  for (const { name, run } of [
    ...TEXT_PARSERS,
    ...BYTE_PARSERS,
    ...JSON_READERS,
    ...LIST_PARSERS,
    ...ASKING_PARSERS,
    ...RULE_READERS,
    ...WHOLE,
  ]) {
    test(name, async () => void (await run(SHORT.parser)));
  }
});

describe('what is written reads back the same', () => {
  for (const { name, run } of [...PAIRS, ...LIST_PAIRS]) test(name, async () => void (await run(SHORT.pair)));
});

describe('a card with one byte changed is refused or the same card', () => {
  for (const { name, run } of CARD_BYTES) test(name, async () => void (await run(SHORT.bytes)));
});

describe('no rule is fooled by the order of a record, by duplicates, or by the status of what does not count', () => {
  for (const { name, run } of RULES) test(name, async () => void (await run(SHORT.parser)));
});
