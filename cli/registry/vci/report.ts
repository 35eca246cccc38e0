import { moment } from '../../../contracts/moment.ts';
import type { Oddity, OddityList, PeculiarityCode } from '../../../verifier/node/vci-oddities.ts';
import { cleanText } from '../../display.ts';
import type { HeldBackCode } from './import-plan.ts';
import type { NotMirroredCode } from './mirror-plan.ts';
import type { Refused } from './refused.ts';
import type { Snapshot } from './snapshot.ts';

const DAY = 86_400;

/** Of each kind people are told so many by name; programs all. */
const MAX_LINES = 20;
/** And of what costs nobody anything so many. */
const MAX_PECULIAR = 5;

/** Why something of the directory was left, after `left: 3 `; one row for each code. */
const LEFT: Record<HeldBackCode | NotMirroredCode, string> = {
  ISSUER_ELSEWHERE: 'accredited by another jurisdiction, which has the say',
  ISSUER_SELF_MANAGED: 'registering their own keys',
  ISSUER_NOT_ACTIVE: 'suspended, retired or withdrawn here, which the directory does not undo',
  ISSUER_HELD: 'held by a guardian or the governor, until the governor releases them',
  KEY_ENDED: 'retired or reported stolen here, and in the directory all the same',
  KEY_BURNED: 'burned by their own signature: no issuer can use them',
  KEY_MISSING: 'not in the directory any more, to be retired when that has lasted',
  CRL_UNREADABLE: 'with a revocation list that cannot be read; whom it revokes nobody knows',
  CRL_OLDER: 'with a list older than the anchored one',
  CRL_COUNTER_NOT_RISING: 'with other entries under the counter that is anchored already',
  ANCHOR_FINAL: 'with a last list anchored, after which none comes',
  ISSUER_NOT_STANDING: 'of an issuer that is suspended, withdrawn or held here',
  KEY_NOT_REVOCABLE: 'with a list, and not here as keys whose cards can be revoked by it',
};

interface Left {
  readonly code: HeldBackCode | NotMirroredCode;
  readonly iss: string;
  readonly kid: string | null;
}

/** What was left as it is, by reason. */
export function leftLines(left: readonly Left[]): string[] {
  return [...Map.groupBy(left, ({ code }) => code)].flatMap(([code, items]) => [
    `  left: ${items.length} ${LEFT[code]} (${code})`,
    ...some(items.map(nameOf)),
  ]);
}

/** What the contract refused, each with its reason. */
export function refusedLines(refused: readonly Refused[]): string[] {
  if (refused.length === 0) return [];
  const lines = refused.map((each) => `${nameOf(each)}: ${cleanText(each.reason)} (${each.code})`);
  return [`  REFUSED by the registry: ${refused.length}`, ...some(lines)];
}

/** What was passed over, by kind. */
export function oddityLines(list: OddityList): string[] {
  return linesOf('odd, passed over', list, MAX_LINES);
}

/** What is odd and was taken as it stands, by kind. */
export function peculiarityLines(list: OddityList<PeculiarityCode>): string[] {
  return linesOf('odd, taken as it is', list, MAX_PECULIAR);
}

function linesOf<Code extends string>(title: string, list: OddityList<Code>, most: number): string[] {
  const notKept = list.notKept();
  return [...Map.groupBy(list.kept, ({ code }) => code)].flatMap(([code, items]) => {
    const more = notKept.get(code) ?? 0;
    return [`  ${title}: ${items.length + more} ${code}`, ...some(items.map(oddityInWords), more, most)];
  });
}

/** Oddities for programs. */
export function plainOddities<Code extends string>(
  list: OddityList<Code>,
): { readonly told: readonly Oddity<Code>[]; readonly more: Readonly<Record<string, number>> } {
  return { told: list.kept, more: Object.fromEntries(list.notKept()) };
}

/** Who signed, when the snapshot was taken, and what it was compared with. */
export function snapshotLines({ signer, time }: Snapshot): string[] {
  return [
    signer === null
      ? 'The snapshot was not held against a signature: give --signature and --certificate.'
      : `The snapshot is signed by ${cleanText(signer.subject)}, certificate ${signer.fingerprint}.`,
    time === 0
      ? 'It does not say when it was taken: nothing counts as missing from it.'
      : `It was taken at ${moment(time)}.`,
  ];
}

/** How many issuers the directory itself has not reached for long, and of how many it does not say. */
export function reachOf({ issuers, time }: Pick<Snapshot, 'issuers' | 'time'>): {
  readonly stale: number;
  readonly undated: number;
} {
  const undated = issuers.filter(({ lastRetrieved }) => lastRetrieved === 0).length;
  const stale = issuers.filter(({ lastRetrieved: at }) => at > 0 && at < time - 30 * DAY).length;
  return { stale, undated };
}

/** The first lines, and how many there are beside them. */
function some(lines: readonly string[], more = 0, most = MAX_LINES): string[] {
  const left = Math.max(lines.length - most, 0);
  const shown = lines.slice(0, most).map((line) => `    ${line}`);
  if (left + more === 0) return shown;
  const all = more === 0 ? '--json tells all' : `--json tells ${lines.length} of them`;
  return [...shown, `    and ${left + more} more: ${all}`];
}

function nameOf({ iss, kid }: Pick<Left, 'iss' | 'kid'>): string {
  return `${iss}${kid === null ? '' : ` key ${kid}`}`;
}

function oddityInWords({ of, kid, message }: Oddity<string>): string {
  return `${cleanText(of)}${kid === null ? '' : ` key ${cleanText(kid)}`}: ${cleanText(message)}`;
}
