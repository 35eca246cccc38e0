import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leftLines, oddityLines, reachOf, refusedLines } from '../../../../cli/registry/vci/report.ts';
import { OddityList } from '../../../../verifier/node/vci-oddities.ts';

const DAY = 86_400;
const TIME = 1_770_000_000;
const keys = (count: number): { code: 'KEY_MISSING'; iss: string; kid: string }[] =>
  Array.from({ length: count }, (_, at) => ({
    code: 'KEY_MISSING',
    iss: 'https://a.example',
    kid: `k${at}`,
  }));

test('what was left stands under its reason in words, twenty of a kind and the number of the others', () => {
  const ended = { code: 'KEY_ENDED', iss: 'https://b.example', kid: 'k' } as const;
  const lines = leftLines([...keys(953), ended]);
  assert.equal(lines.length, 1 + 20 + 1 + 1 + 1);
  assert.match(lines[0] ?? '', /^ {2}left: 953 not in the directory any more, .*\(KEY_MISSING\)$/);
  assert.equal(lines[21], '    and 933 more: --json tells all');
  assert.match(lines[22] ?? '', /^ {2}left: 1 retired or reported stolen here.*\(KEY_ENDED\)$/);
  assert.equal(lines[23], '    https://b.example key k');
  assert.equal(leftLines(keys(20)).length, 21);
  assert.deepEqual(leftLines([]), []);
});

test('refusals are told with their reasons, and oddities with how many more there are than are kept', () => {
  const refused = { code: 'KeyIsBurned', iss: 'https://a.example', kid: 'k', reason: 'Key k was burned.' };
  assert.deepEqual(refusedLines([refused]), [
    '  REFUSED by the registry: 1',
    '    https://a.example key k: Key k was burned. (KeyIsBurned)',
  ]);
  assert.deepEqual(refusedLines([]), []);
  const list = new OddityList();
  for (let at = 0; at < 3000; at += 1) {
    list.add({ code: 'KEY_REFUSED', of: 'https://a.example', kid: `k\u202E${at}`, message: 'No.' });
  }
  const lines = oddityLines(list);
  assert.deepEqual(
    [lines[0], lines[1]],
    ['  odd, passed over: 3000 KEY_REFUSED', '    https://a.example key k0: No.'],
  );
  assert.equal(lines.at(-1), '    and 2980 more: --json tells 1000 of them');
});

test('issuers that the directory has not reached for long are told apart from those of which it does not say', () => {
  const at = (lastRetrieved: number): { iss: string; name: string; lastRetrieved: number; keys: [] } => ({
    iss: 'https://a.example',
    name: 'A',
    lastRetrieved,
    keys: [],
  });
  const issuers = [at(0), at(0), at(TIME - 31 * DAY), at(TIME - 29 * DAY)];
  assert.deepEqual(reachOf({ issuers, time: TIME }), { stale: 1, undated: 2 });
});
