import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barFor } from '../../../../cli/registry/vci/progress-bar.ts';

test('where no bar is drawn, progress is a line a second at most, and one at the end; programs get none', async (t) => {
  const lines: string[] = [];
  const wasTerminal = process.stderr.isTTY;
  process.stderr.isTTY = false;
  t.after(() => (process.stderr.isTTY = wasTerminal));
  t.mock.method(process.stderr, 'write', (line: string) => lines.push(line) > 0);
  const clock = t.mock.method(performance, 'now', () => 0);
  const anchorAll = async (told: (done: number, of: number) => void): Promise<void> => {
    for (let done = 1; done <= 500; done += 1) {
      clock.mock.mockImplementation(() => done * 10);
      told(done, 500);
    }
  };
  await barFor({})('Anchors', 500, anchorAll);
  assert.deepEqual(
    lines,
    [100, 200, 300, 400, 500].map((done) => `Anchors: ${done} of 500\n`),
  );
  await barFor({ json: true })('Anchors', 500, anchorAll);
  await barFor({})('Nothing', 0, async () => undefined);
  assert.equal(lines.length, 5);
});
