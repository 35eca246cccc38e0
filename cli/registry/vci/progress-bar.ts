import { Presets, SingleBar } from 'cli-progress';

/** Told how many of how many are done. */
export type Told = (done: number, of: number) => void;

/** How progress is shown: one bar for each kind of write. */
export type Bar = <T>(what: string, total: number, work: (told: Told) => Promise<T>) => Promise<T>;

/** Programs read one JSON object, and nothing beside it. */
export function barFor(options: { readonly json?: boolean }): Bar {
  return options.json === true ? async (_what, _total, work) => work(() => undefined) : withBar;
}

/** Where no bar is drawn, a line at most every so many milliseconds. */
const LINE_EVERY = 1000;

/**
 * Show how far a list has got: a bar on a terminal, elsewhere a line a second and one at the end. To standard error: the
 * report is the output.
 */
async function withBar<T>(what: string, total: number, work: (told: Told) => Promise<T>): Promise<T> {
  if (total === 0) return work(() => undefined);
  if (!process.stderr.isTTY) {
    let said = performance.now();
    return work((done) => {
      if (done < total && performance.now() - said < LINE_EVERY) return;
      said = performance.now();
      process.stderr.write(`${what}: ${done} of ${total}\n`);
    });
  }
  const bar = new SingleBar(
    { format: `${what} {bar} {value} of {total}`, stream: process.stderr, hideCursor: true },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  try {
    return await work((done) => bar.update(done));
  } finally {
    bar.stop();
  }
}
