import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as later } from 'node:timers/promises';
import { withProgress } from '../../cli/trust/progress.ts';

/** Standard error, as a terminal or as a pipe, and what was written to it. */
function standardError(isTTY: boolean): { stream: NodeJS.WriteStream; told: () => string } {
  const pipe = new PassThrough({ encoding: 'utf8' });
  const terminal = {
    isTTY,
    columns: 80,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  };
  const stream = Object.assign(pipe, terminal) as unknown as NodeJS.WriteStream;
  const told = (): string => {
    const parts: string[] = [];
    for (let part = pipe.read() as string | null; part !== null; part = pipe.read() as string | null) {
      parts.push(part);
    }
    return parts.join('');
  };
  return { stream, told };
}

test('work that is done at once is not talked about, where nobody watches', async () => {
  const { stream, told } = standardError(false);
  assert.equal(await withProgress('Waiting', async () => 'done', stream), 'done');
  assert.equal(told(), '');
});

test('work that takes longer than a second says so every second, and no longer than it takes', async () => {
  const { stream, told } = standardError(false);
  await withProgress('Waiting', async () => later(1300), stream);
  assert.equal(told(), 'Waiting: 1 s so far\n');
  const broken = withProgress('Waiting', async () => Promise.reject(new Error('broken')), stream);
  await assert.rejects(broken, /broken/);
  await later(1100);
  assert.equal(told(), '');
});

test('on a terminal it turns, and tells the seconds', async (t) => {
  // The spinner stands still where a CI says it is one.
  const { CI } = process.env;
  delete process.env['CI'];
  t.after(() => {
    if (CI !== undefined) process.env['CI'] = CI;
  });
  const { stream, told } = standardError(true);
  await withProgress('Waiting', async () => later(1300), stream);
  assert.match(told(), /\u001B.*Waiting: 1 s so far/s);
});
