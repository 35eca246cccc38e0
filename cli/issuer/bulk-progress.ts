import { Presets, SingleBar } from 'cli-progress';
import type { BulkProgress } from '../../agent/bulk/issue-chunks.ts';

/** What a bulk is told to say, and how it is told to stop. */
export interface BulkWatch {
  readonly told: (progress: BulkProgress) => void;
  readonly signal: AbortSignal;
}

/** Where no bar is drawn, a line at most every so many milliseconds. */
const LINE_EVERY = 1000;

/**
 * Show how far a bulk is, how fast, and how long it will take: a bar on a terminal, elsewhere a line a second, to standard
 * error. The first interruption (SIGINT, SIGTERM) ends it after what is under way; the second is the end.
 */
export async function withBulkProgress<T>(
  work: (watch: BulkWatch) => Promise<T>,
  stream: NodeJS.WriteStream = process.stderr,
): Promise<T> {
  const stop = new AbortController();
  const interrupted = (): void => {
    stream.write('\nStopping after what is under way; the same command goes on from there.\n');
    stop.abort();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.once(name, interrupted);
  const bar = stream.isTTY ? barOn(stream) : undefined;
  const show = bar === undefined ? linesOn(stream) : bar.show;
  try {
    return await work({ told: paced(show), signal: stop.signal });
  } finally {
    for (const name of signals) process.off(name, interrupted);
    bar?.stop();
  }
}

/** Figures of a moment; `left` in seconds. */
interface Pace extends BulkProgress {
  readonly refused: number;
  readonly rate: number;
  readonly left: number | undefined;
}

type Show = (pace: Pace) => void;

/** Rate and time left by what was done since this run began: an earlier one may have been days ago. */
function paced(show: Show): (progress: BulkProgress) => void {
  let began: { readonly at: number; readonly offset: number; readonly lines: number } | undefined;
  return (progress) => {
    const { offset, lines, cards, size } = progress;
    began ??= { at: performance.now(), offset, lines };
    const seconds = (performance.now() - began.at) / 1000;
    const done = offset - began.offset;
    const rate = seconds === 0 ? 0 : Math.round((lines - began.lines) / seconds);
    const left = done === 0 ? undefined : Math.ceil(((size - offset) / done) * seconds);
    show({ ...progress, refused: lines - cards, rate, left });
  };
}

function linesOn(stream: NodeJS.WriteStream): Show {
  let said = performance.now();
  return (pace) => {
    if (performance.now() - said < LINE_EVERY) return;
    said = performance.now();
    stream.write(`Issuing: ${Math.floor((100 * pace.offset) / pace.size)} %, ${figures(pace)}\n`);
  };
}

function barOn(stream: NodeJS.WriteStream): { readonly show: Show; readonly stop: () => void } {
  const format = 'Issuing {bar} {percentage} %, {figures}';
  const bar = new SingleBar({ format, stream, hideCursor: true }, Presets.shades_classic);
  let begun = false;
  return {
    show(pace) {
      if (!begun) bar.start(pace.size, pace.offset, { figures: '' });
      begun = true;
      bar.update(pace.offset, { figures: figures(pace) });
    },
    stop: () => bar.stop(),
  };
}

function figures({ cards, refused, rate, left }: Pace): string {
  const time = left === undefined ? '' : `, ${Math.floor(left / 60)} min ${left % 60} s left`;
  return `${cards} cards, ${refused} refused, ${rate} records/s${time}`;
}
