import type { Decision } from '../../pipeline/decision.ts';

/** Counts of decisions and of nothing else: how many of each outcome, with each code, by each issuer (`iss`). */
export interface Tally {
  readonly outcomes: Map<string, number>;
  readonly codes: Map<string, number>;
  readonly issuers: Map<string, number>;
}

export function emptyTally(): Tally {
  return { outcomes: new Map(), codes: new Map(), issuers: new Map() };
}

/** Count decisions into the tally. */
export function count(tally: Tally, decisions: readonly Decision[]): void {
  for (const { outcome, codes, issuer } of decisions) {
    add(tally.outcomes, outcome, 1);
    for (const code of codes) add(tally.codes, code, 1);
    if (issuer !== null) add(tally.issuers, issuer.iss, 1);
  }
}

/** Add what another thread counted. */
export function merge(into: Tally, from: Tally): void {
  for (const [name, number] of from.outcomes) add(into.outcomes, name, number);
  for (const [name, number] of from.codes) add(into.codes, name, number);
  for (const [name, number] of from.issuers) add(into.issuers, name, number);
}

function add(counts: Map<string, number>, name: string, number: number): void {
  counts.set(name, (counts.get(name) ?? 0) + number);
}
