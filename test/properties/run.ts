import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { BundleError, FormatError } from '../../credential/errors.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';

/** What a hostile input may cost at most; a parser that takes longer can be made to hold up a queue. */
const MAX_MS = 100;
/** Another process may have had the core: what takes this long is tried again, and only who is slow each time is slow. */
const SLOW_MS = 10;
const TRIES = 5;
/** After so many runs the memory is measured again; what is in use may not have grown by more than this. */
const SLICE = 20_000;
const MAX_HEAP_GROWTH = 24 * 2 ** 20;
const MAX_RSS_GROWTH = 300 * 2 ** 20;

export interface Parser<Input> {
  readonly name: string;
  readonly input: fc.Arbitrary<Input>;
  /** Whatever it answers or promises; refusing is by FormatError, BundleError or TrustError. */
  readonly parse: (input: Input) => unknown;
  /** How many times fewer it runs, if what is slow is not ours. */
  readonly slower?: number;
}

/** A parser with its inputs, to be run as many times as asked. */
export interface Property {
  readonly name: string;
  /** How many inputs it was given, and the slowest of its answers in milliseconds where they are timed. */
  readonly run: (times: number) => Promise<Figures>;
}

export interface Figures {
  readonly runs: number;
  readonly slowestMs?: number;
}

/** The figures in words, for the report of a test. */
export function inWords({ runs, slowestMs }: Figures): string {
  const slowest = slowestMs === undefined ? '' : `, the slowest in ${slowestMs.toFixed(1)} ms`;
  return `${runs.toLocaleString('en')} inputs${slowest}`;
}

/** The property of a parser: it answers or refuses, in time, and keeps nothing. */
export function neverCrashes<Input>({ name, input, parse, slower = 1 }: Parser<Input>): Property {
  const attempt = async (value: Input): Promise<void> => {
    try {
      await parse(value);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  };
  let slowestMs = 0;
  const property = fc.asyncProperty(input, async (value) => {
    let least = Infinity;
    for (let tries = 0; tries < TRIES && least > SLOW_MS; tries++) {
      const begun = performance.now();
      await attempt(value);
      least = Math.min(least, performance.now() - begun);
    }
    slowestMs = Math.max(slowestMs, least);
    assert.ok(least <= MAX_MS, `${name} took ${Math.round(least)} ms`);
  });
  return {
    name,
    async run(times) {
      slowestMs = 0;
      const runs = Math.ceil(times / slower);
      let first: Memory | undefined;
      for (let left = runs; left > 0; left -= SLICE) {
        await fc.assert(property, { numRuns: Math.min(left, SLICE) });
        // The first slice fills caches and pools.
        const now = await memoryInUse();
        first ??= now;
        assert.ok(now.heap - first.heap < MAX_HEAP_GROWTH, `${name} keeps ${now.heap - first.heap} bytes`);
        assert.ok(now.rss - first.rss < MAX_RSS_GROWTH, `${name} grew by ${now.rss - first.rss} bytes`);
      }
      return { runs, slowestMs };
    },
  };
}

/** The property of an encoder and its decoder, as fast-check has it. */
export function holds<Values extends [unknown, ...unknown[]]>(
  name: string,
  property: fc.IProperty<Values> | fc.IAsyncProperty<Values>,
  /** How many times fewer it runs, if it is a slow one. */
  slower = 1,
): Property {
  return {
    name,
    async run(times) {
      const runs = Math.ceil(times / slower);
      for (let left = runs; left > 0; left -= SLICE) {
        await fc.assert(property, { numRuns: Math.min(left, SLICE) });
        // A test that never waits keeps the report of those before it, and the limit of its own time, from coming.
        await setImmediate();
      }
      return { runs };
    },
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof FormatError || error instanceof BundleError || error instanceof TrustError;
}

interface Memory {
  readonly heap: number;
  readonly rss: number;
}

let collectGarbage: (() => void) | undefined;

async function memoryInUse(): Promise<Memory> {
  if (collectGarbage === undefined) {
    setFlagsFromString('--expose-gc');
    collectGarbage = runInNewContext('gc') as () => void;
  }
  // What native objects held is let go a turn after they were found to be garbage.
  for (let turn = 0; turn < 3; turn++) {
    collectGarbage();
    await setImmediate();
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heap: heapUsed + arrayBuffers, rss };
}
