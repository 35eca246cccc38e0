import { emptyTally, merge } from './tally.ts';
import type { Tally } from './tally.ts';
import { createFigures, type Figures } from '../../http/figures.ts';

/** Fewer cards of one issuer could tell of the one visitor from there, and so could each card more. */
const ISSUER_STEP = 10;
const HOUR = 3600;

/** Figures for the operator: counts, and how the process does. */
export interface Metrics {
  readonly decided: (tally: Tally) => void;
  readonly requested: Figures['requested'];
  readonly render: Figures['render'];
}

/**
 * What was decided is told when its hour is over, in the totals too: whoever looks each second would read what became of
 * each visitor. Requests are counted as they end; the status of every decision is the same.
 *
 * @param clock Unix seconds
 */
export function createMetrics(clock: () => number): Metrics {
  const figures = createFigures();
  const total = emptyTally();
  let hour = { begun: hourOf(clock()), tally: emptyTally(), last: emptyTally() };
  const turnHour = (): void => {
    const begun = hourOf(clock());
    // A clock that is set back tells nothing early; by hours, it was wrong before.
    if (begun < hour.begun - HOUR) hour = { ...hour, begun };
    if (begun <= hour.begun) return;
    merge(total, hour.tally);
    hour = { begun, tally: emptyTally(), last: begun === hour.begun + HOUR ? hour.tally : emptyTally() };
  };

  show(
    'pratique_decisions_total',
    'Decisions up to the last full hour (UTC) by outcome.',
    'outcome',
    () => total.outcomes,
  );
  show(
    'pratique_decision_codes_total',
    'Decisions up to the last full hour (UTC) by reason code.',
    'code',
    () => total.codes,
  );
  show(
    'pratique_decisions_last_hour',
    'Decisions of the last full hour (UTC) by outcome.',
    'outcome',
    () => hour.last.outcomes,
  );
  show(
    'pratique_decision_codes_last_hour',
    'Decisions of the last full hour (UTC) by code.',
    'code',
    () => hour.last.codes,
  );
  show(
    'pratique_decisions_issuer_total',
    `Decisions up to the last full hour (UTC) by issuer, in steps of ${ISSUER_STEP}.`,
    'iss',
    () => inSteps(total.issuers),
  );

  return {
    decided(tally) {
      turnHour();
      merge(hour.tally, tally);
    },
    requested: figures.requested,
    render: figures.render,
  };

  function show(name: string, help: string, label: string, counts: () => ReadonlyMap<string, number>): void {
    figures.showBy(name, help, label, () => {
      turnHour();
      return counts();
    });
  }
}

/** Rounded down; none of what is not a step yet. */
function inSteps(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map(
    [...counts]
      .filter(([, number]) => number >= ISSUER_STEP)
      .map(([name, number]) => [name, number - (number % ISSUER_STEP)]),
  );
}

function hourOf(seconds: number): number {
  return Math.floor(seconds / HOUR) * HOUR;
}
