import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leftBehind, listOrLeave, writeOrLeave } from '../../../../cli/registry/vci/refused.ts';
import type { Refused } from '../../../../cli/registry/vci/refused.ts';
import { RegistryError } from '../../../../contracts/registry-error.ts';

type Item = { readonly iss: string; readonly kid: string };
const items = Array.from({ length: 100 }, (_, at): Item => ({ iss: 'https://a.example', kid: `k${at}` }));
const burned = (kid: string): RegistryError =>
  new RegistryError('REVERTED', `The key in place 3 of the list is refused. Key ${kid} was burned.`, {
    name: 'KeyIsBurned',
    args: [kid],
  });

/** A registry that takes 30 at a time, all or none of them, and tries all before it writes. */
function registry(bad: ReadonlySet<string>): {
  readonly written: string[];
  readonly list: (some: readonly Item[], told: (done: number, of: number) => void) => Promise<void>;
} {
  const written: string[] = [];
  return {
    written,
    list: async (some, told) => {
      const wrong = some.find(({ kid }) => bad.has(kid));
      if (wrong !== undefined) throw burned(wrong.kid);
      for (let at = 0; at < some.length; at += 30) {
        const part = some.slice(at, at + 30);
        written.push(...part.map(({ kid }) => kid));
        told(at + part.length, some.length);
      }
    },
  };
}

test('what is refused is left by name, and everything else is written once and in order', async () => {
  for (const bad of [[], ['k0'], ['k99'], ['k40', 'k41', 'k77'], items.map(({ kid }) => kid)]) {
    const { written, list } = registry(new Set(bad));
    const refused: Refused[] = [];
    const told: number[] = [];
    await listOrLeave(items, refused, list, (done) => told.push(done));
    const good = items.map(({ kid }) => kid).filter((kid) => !bad.includes(kid));
    assert.deepEqual(written, good);
    assert.deepEqual(
      refused.map(({ kid, code, reason }) => [kid, code, reason]),
      bad.map((kid) => [kid, 'KeyIsBurned', `Key ${kid} was burned.`]),
    );
    assert.deepEqual(
      told,
      told.toSorted((one, other) => one - other),
    );
    assert.equal(told.at(-1) ?? 0, good.length);
  }
});

test('what was written before a refusal in the middle is not written again', async () => {
  const written: string[] = [];
  let isFirst = true;
  const refused: Refused[] = [];
  const transactions = await listOrLeave(
    items,
    refused,
    async (some, told) => {
      for (const [at, { kid }] of some.entries()) {
        if (kid === 'k50' && isFirst) {
          isFirst = false;
          throw burned(kid);
        }
        written.push(kid);
        told(at + 1, some.length);
      }
    },
    () => undefined,
  );
  assert.deepEqual([written.length, new Set(written).size, transactions, refused], [100, 100, 100, []]);
});

test('a failure that is none of one thing ends it: the chain away, the sender not the accreditor', async () => {
  for (const error of [
    new RegistryError('CHAIN_UNAVAILABLE', 'No answer.'),
    new RegistryError('REVERTED', 'Not the accreditor.', { name: 'NotAccreditor', args: [] }),
    new Error('a bug'),
  ]) {
    const refused: Refused[] = [];
    const fail = async (): Promise<void> => {
      throw error;
    };
    await assert.rejects(
      listOrLeave(items, refused, fail, () => undefined),
      error,
    );
    await assert.rejects(writeOrLeave({ iss: 'https://a.example', kid: null }, refused, fail), error);
    assert.deepEqual(refused, []);
  }
});

test('the end says how much was left, with the name of the first refusal', async () => {
  const refused: Refused[] = [];
  const named = { iss: 'https://a.example', kid: 'k1' };
  assert.equal(await writeOrLeave(named, refused, async () => undefined), true);
  assert.equal(await writeOrLeave(named, refused, async () => Promise.reject(burned('k1'))), false);
  const { code, refusal, message } = leftBehind(refused);
  assert.deepEqual([code, refusal?.name], ['REVERTED', 'KeyIsBurned']);
  assert.match(message, /^The registry refused one thing .*\.$/);
  assert.match(leftBehind([...refused, ...refused]).message, /2 things/);
});
