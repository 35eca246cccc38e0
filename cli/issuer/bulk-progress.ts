import { Presets, SingleBar } from 'cli-progress';
import type { BulkProgress } from '../../agent/bulk/issue-chunks.ts';

/** Where no bar is drawn, a line at most every so many milliseconds. */
const LINE_EVERY = 1000;

/**
 * Show how far a bulk is, how fast, and how long it will take: a bar on a terminal, elsewhere a line a second, to standard
 * error.
 */
export async function withBulkProgress<T>(
  work: (told: (progress: BulkProgress) => void) => Promise<T>,
  stream: NodeJS.WriteStream = process.stderr,
): Promise<T> {
  const bar = stream.isTTY ? barOn(stream) : undefined;
  const show = bar === undefined ? linesOn(stream) : bar.show;
  try {
    return await work(paced(show));
  } finally {
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
