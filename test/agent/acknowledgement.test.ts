import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { NO_STRACE } from '../support/strace.ts';
import { makeIssuer, NOW, PASSPHRASE, temporaryFolder } from './issuer-fixture.ts';

/** A system call, and the lines of the trace at which it began and was over. */
interface Call {
  readonly text: string;
  readonly begun: number;
  readonly over: number;
}

/** Runs a program under strace; once it has said so many lines, it is told to stop. */
async function traced(
  t: TestContext,
  calls: string,
  words: readonly string[],
  stopAfterLines = Infinity,
): Promise<readonly Call[]> {
  const trace = join(await temporaryFolder(t), 'trace');
  const strace = ['-f', '-y', '-s', '200', '-e', `trace=${calls}`, '-o', trace];
  const child = spawn('strace', [...strace, process.execPath, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let [lines, pid] = [0, 0];
  for await (const line of createInterface({ input: child.stdout })) {
    // Our child is the tracer.
    pid ||= Number(/^ready (\d+)$/.exec(line)?.[1] ?? 0);
    if (++lines === stopAfterLines) process.kill(pid, 'SIGTERM');
  }
  await exited;
  return callsOf(await readFile(trace, 'utf8'));
}

/** `123 fdatasync(18</x> <unfinished ...>` and later `123 <... fdatasync resumed>) = 0` are one call. */
function callsOf(trace: string): readonly Call[] {
  const begun = new Map<string, { readonly text: string; readonly at: number }>();
  return trace.split('\n').flatMap((line, at) => {
    const [, pid = '', text = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (text.endsWith(' <unfinished ...>')) {
      begun.set(pid, { text: text.slice(0, -' <unfinished ...>'.length), at });
      return [];
    }
    const [, end] = /^<\.\.\. \w+ resumed>(.*)$/.exec(text) ?? [];
    const start = end === undefined ? undefined : begun.get(pid);
    return [{ text: (start?.text ?? '') + (end ?? text), begun: start?.at ?? at, over: at }];
  });
}

test(
  'each issuance and revocation is acknowledged after an fdatasync of the store that came after its beginning',
  { skip: NO_STRACE },
  async (t) => {
    const { issuer, dir } = await makeIssuer(t);
    await issuer.close();
    const program = fileURLToPath(new URL('./issuer-process.ts', import.meta.url));
    const words = [program, dir, PASSPHRASE, String(NOW), '4'];
    const calls = await traced(t, 'fdatasync,fsync,write', words, 200);

    const begins = new Map<string, number>();
    const synced = calls.filter(({ text }) =>
      /^f(?:data)?sync\(\d+<[^>]*\/store\/\d+\.log>\) += 0/.test(text),
    );
    let acknowledged = 0;
    for (const { text, begun, over } of calls) {
      const [, what = '', name = ''] = /^write\(1<[^>]*>, "(\w+) ([\w.]+)/.exec(text) ?? [];
      if (what === 'begin') begins.set(name, over);
      if (what !== 'issued' && what !== 'revoked') continue;
      acknowledged++;
      const from = begins.get(name) ?? Infinity;
      assert.ok(
        synced.some((sync) => sync.begun > from && sync.over < begun),
        `${what} ${name} was acknowledged before it was on disk`,
      );
    }
    assert.ok(acknowledged >= 60, `only ${acknowledged} acknowledgements`);
  },
);

test(
  'a file is renamed once it is on disk, and its folder is synchronised after that',
  { skip: NO_STRACE },
  async (t) => {
    const path = join(await temporaryFolder(t), 'file.json');
    const module = new URL('../../agent/atomic-file.ts', import.meta.url).href;
    const code = `const { writeFileAtomic } = await import(${JSON.stringify(module)});
    await writeFileAtomic(${JSON.stringify(path)}, '{}');`;
    const calls = await traced(t, 'fsync,fdatasync,rename', ['--input-type=module', '-e', code]);
    const place = (call: RegExp): number => calls.findIndex(({ text }) => call.test(text));
    const order = [
      place(/^fsync\(\d+<[^>]*file\.json\.[0-9a-f]+\.tmp>\) += 0/),
      place(/^rename\(.*file\.json"\) += 0/),
      place(new RegExp(`^fsync\\(\\d+<${dirname(path)}>\\) += 0`)),
    ];
    assert.ok(!order.includes(-1), calls.map(({ text }) => text).join('\n'));
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
  },
);
