import type { AnchorStanding } from '../../agent/anchoring/anchor-standing.ts';
import { moment } from '../../contracts/moment.ts';
import type { PublishedList } from './anchor-run.ts';

/** What became of a list, in one line. */
export function listWords({ kid, outcome, receded, counter, block, gas, final }: PublishedList): string {
  const lost = receded ? ' again, since the chain had lost it,' : '';
  const where = block === undefined ? '' : ` in block ${block}, ${gas} gas`;
  const words =
    outcome === 'unchanged'
      ? `unchanged, counter ${counter} on the chain`
      : `anchored${lost} as counter ${counter}${where}`;
  return `List ${kid}: ${words}${final === false ? ' (this block is not final yet)' : ''}.`;
}

/** A list that will be full soon; nothing if it will not. */
export function roomWords({
  free,
  short,
}: {
  readonly free: number;
  readonly short: boolean;
}): readonly string[] {
  return short ? [`room for ${free} cards more only: \`pratique issuer anchor\` makes more`] : [];
}

/** Venues take an issuer that says nothing for longer for one gone dark. */
const DAY = 86_400;

/** What failed with these codes, of which some may have reached the chain. */
const NOT_DONE: Readonly<Record<string, string>> = {
  OUTPUT_UNWRITABLE: 'the files that venues read were not written',
  AUDIT_BROKEN: 'the audit log was not anchored',
  REVOCATIONS_MISSING: 'not every list was anchored',
};

/** Whether all that is to be on the chain got there; nothing before it was first tried. */
export function standingWords(
  { failing, reachedAt }: AnchorStanding,
  waits: boolean,
  now = Date.now() / 1000,
): readonly string[] {
  if (failing !== undefined) {
    const what = NOT_DONE[failing.code] ?? 'nothing reached the chain';
    const since = moment(reachedAt ?? failing.since);
    return [
      `ALARM: ${what} since ${since} (${failing.code}; tried ${failing.tries === 1 ? 'once' : `${failing.tries} times`})`,
    ];
  }
  if (reachedAt === undefined) return [];
  const late = now - reachedAt > DAY ? `OVERDUE${waits ? ', and revocations wait' : ''}: ` : '';
  return [`${late}all was on the chain at ${moment(reachedAt)}`];
}
