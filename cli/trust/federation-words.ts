import type { TrustDocument } from '../../verifier/pipeline/trust-document.ts';
import { FAULT_WORDS } from '../../verifier/node/endpoint-fault.ts';
import type { EndpointFault } from '../../verifier/node/endpoint-fault.ts';
import type { TrustStore } from '../../verifier/node/trust-store.ts';
import { cleanText } from '../display.ts';
import type { JurisdictionSummary, PublishedVersion } from './summary.ts';

/** A jurisdiction may register thousands of venues; whoever wants them all asks for JSON. */
const MAX_LINES = 20;

/** What a jurisdiction says, in plain words. */
export function jurisdictionLines(jurisdiction: JurisdictionSummary): readonly string[] {
  const { code, name, suspended, issuers, held, venues, rules } = jurisdiction;
  const counts = Object.entries(issuers).map(([status, count]) => `${count} ${status}`);
  return [
    `${code}  ${cleanText(name)}`,
    ...(suspended ? ['  SUSPENDED  none of its issuers is trusted meanwhile'] : []),
    `  issuers    ${counts.length === 0 ? 'none' : counts.join(', ')}`,
    ...shortened(
      held.map(
        (issuer) =>
          `  held       issuer ${issuer.id}, ${cleanText(issuer.name)}, ${issuer.iss}: suspended beside its state, which is ${issuer.status}`,
      ),
    ),
    ...shortened(
      venues.map(
        (venue) => `  venue      ${venue.id}, ${cleanText(venue.name)}, ${venue.did}: ${venue.status}`,
      ),
    ),
    ...shortened(
      rules.flatMap(({ id, inForce, toCome }) => [
        ...(inForce === null ? [] : [`  rules      ${id} ${inForceWords(inForce)}`]),
        ...toCome.map((version) => `  rules      ${id} ${toComeWords(version)}`),
      ]),
    ),
  ];
}

/** Endpoints that a sync did not count, each with the reason. */
export function faultLines(faults: readonly EndpointFault[]): readonly string[] {
  return faults.map(
    ({ endpoint, code }) => `  not counted ${cleanText(endpoint)} ${FAULT_WORDS[code]} (${code})`,
  );
}

/** What became of a damaged store. */
export function setAsideLines({
  setAside,
  isFloorKnown,
}: Pick<TrustStore, 'setAside' | 'isFloorKnown'>): readonly string[] {
  if (setAside === null) return [];
  return [
    `The trust store was damaged, or of another version. What it held was set aside as ${setAside} in its folder.`,
    isFloorKnown
      ? 'It is filled anew, and takes nothing older than it held.'
      : 'It is filled anew. How far it had come is not known any more: make sure that what it is filled from is not old.',
  ];
}

/** A chain that stands still shows nobody that was suspended since; some make blocks only when something happens. */
export function blockAgeLines(source: TrustDocument['source'], now: number): readonly string[] {
  if (source.kind !== 'chain') return [];
  const hours = Math.floor((now - source.block.time) / 3600);
  return [
    `  block of   ${moment(source.block.time)}`,
    ...(hours < 1
      ? []
      : [
          `WARNING  That is ${hours} ${hours === 1 ? 'hour' : 'hours'} ago. If this chain makes blocks all the time, its nodes have stopped or show an old`,
          '         state: ask other endpoints, and give --max-block-age.',
        ]),
  ];
}

/** The warning of a successor; no lines if none was announced. */
export function successorLines(successor: TrustDocument['successor']): readonly string[] {
  if (successor === null) return [];
  const { registry, chainId } = successor;
  return [
    `WARNING  The governor of this registry announced that registry ${registry} on chain ${chainId} is to follow it.`,
    "         Nothing here follows it by itself: a thief of the governor's account could have announced it. Ask your",
    '         jurisdiction, and sync a new store from the other registry only if it confirms the address.',
  ];
}

/** `2026-08-22T14:03:07.000Z`; a bundle may hold a time that no calendar has. */
export function moment(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? 'beyond the calendar' : date.toISOString();
}

function inForceWords(rules: PublishedVersion): string {
  const { version, validFrom } = rules;
  return rules.digest === null
    ? `ended with version ${version} on ${moment(validFrom)}`
    : `version ${version} in force since ${moment(validFrom)}, ${where(rules)}`;
}

function toComeWords(rules: PublishedVersion): string {
  const { version, validFrom } = rules;
  return rules.digest === null
    ? `to end with version ${version} on ${moment(validFrom)}`
    : `version ${version} to come on ${moment(validFrom)}, ${where(rules)}`;
}

function where({ digest, uri, isHere, semver }: PublishedVersion): string {
  const here = isHere ? `here${semver === null ? ', and no rule set' : `, as ${semver}`}` : 'not here';
  return `digest ${digest}${uri === '' ? '' : `, at ${uri}`}: ${here}`;
}

/** So many lines at most. */
export function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MAX_LINES) return lines;
  return [
    ...lines.slice(0, MAX_LINES),
    `             and ${lines.length - MAX_LINES} more: --json tells all`,
  ];
}
