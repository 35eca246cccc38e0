import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { decidingOf } from '../../../verifier/web/deciding.ts';
import type { Deciding } from '../../../verifier/web/deciding.ts';
import type { Chosen, Shown, Verdict } from '../../../verifier/web/venue-verifier.ts';
import { conclude } from '../../../verifier/pipeline/conclude.ts';

/** What the worker was asked, and the answer that it is waited for. */
interface Asked {
  readonly shown: Shown;
  readonly chosen: Chosen;
  readonly answer: (verdicts: readonly Verdict[]) => void;
}

const VERDICT: Verdict = { decision: conclude({ codes: ['REVOKED'] }), specimen: false };

describe('what happens while something is decided', () => {
  let asked: Asked[] = [];
  let shown: (readonly Verdict[])[] = [];
  let rules = 'none';
  let turn = 0;
  let deciding: Deciding;

  beforeEach(() => {
    asked = [];
    shown = [];
    rules = 'none';
    turn = 0;
    deciding = decidingOf({
      verifier: {
        call: async (_name, argument) =>
          new Promise((answer) => {
            asked.push({ ...(argument as Omit<Asked, 'answer'>), answer });
          }),
      },
      reader: { call: async () => Promise.reject(new Error('no picture')) },
      begin: () => ++turn,
      isCurrent: (one) => one === turn,
      isForGuests: () => false,
      takes: () => false,
      check: async () => Promise.resolve(),
      chosen: () => ({ rules, event: undefined }),
      show: (verdicts) => shown.push(verdicts),
      idle: (fault) => {
        assert.fail(fault);
      },
    });
  });

  /** A file that takes its time to be read. */
  function slowFile(): { readonly file: File; readonly read: () => void } {
    const file = new File(['first'], 'card.txt');
    const bytes = file.arrayBuffer();
    let read = (): void => undefined;
    const wait = new Promise<void>((resolve) => {
      read = resolve;
    });
    file.arrayBuffer = async () => wait.then(async () => bytes);
    return { file, read };
  }

  const settled = async (): Promise<void> =>
    new Promise((resolve) => {
      setImmediate(resolve);
    });

  test('a result by rules that were changed meanwhile is not shown: it is decided again by the new ones', async () => {
    const done = deciding.decide({ text: 'card' }, 0);
    await settled();
    rules = 'US-NY/ENTRY';
    asked[0]?.answer([VERDICT]);
    await settled();
    assert.equal(shown.length, 0);
    assert.deepEqual(
      asked.map(({ chosen }) => chosen.rules),
      ['none', 'US-NY/ENTRY'],
    );
    asked[1]?.answer([VERDICT]);
    await done;
    assert.equal(shown.length, 1);
  });

  test('of two guests the later one has the screen, in whichever order the answers come', async () => {
    const both = [deciding.decide({ text: 'first' }, 0)];
    await settled();
    both.push(deciding.decide({ text: 'second' }, 0));
    await settled();
    const second = [VERDICT];
    asked[1]?.answer(second);
    asked[0]?.answer([VERDICT, VERDICT]);
    await Promise.all(both);
    assert.deepEqual(shown, [second]);
  });

  test('a file that is still being read is forgotten once the next guest, or nobody, stands there', async () => {
    const { file, read } = slowFile();
    const taken = deciding.take({ file });
    turn += 1;
    read();
    await taken;
    assert.equal(asked.length, 0);
  });

  test('a file larger than any picture is not read at all', async () => {
    const { file } = slowFile();
    Object.defineProperty(file, 'size', { value: 65 * 1024 * 1024 });
    const taken = deciding.take({ file });
    await settled();
    assert.deepEqual(asked[0]?.shown, { code: 'TOO_LARGE' });
    asked[0].answer([VERDICT]);
    await taken;
  });
});
