import * as AbiEvent from 'ox/AbiEvent';
import { issuerRegistryAbi } from '../../contracts/abi.ts';
import { encodeBase64url } from '../../credential/base64url.ts';
import { logGenesis, nextHead } from './registry-log.ts';
import type { RawLog } from './registry-log.ts';
import type { IssuerStatus, TrustedIssuer, TrustedJurisdiction, TrustedKey } from './trust-document.ts';
import { TrustError } from './trust-error.ts';

/** Who is trusted after a run of log events, and the head those events lead to. */
export interface Replay {
  readonly head: string;
  readonly size: number;
  readonly jurisdictions: readonly TrustedJurisdiction[];
  readonly issuers: readonly TrustedIssuer[];
  readonly keys: readonly TrustedKey[];
}

/** The state that the events are folded into; one per replay. */
interface Projection {
  readonly jurisdictions: Map<string, TrustedJurisdiction>;
  readonly issuers: Map<number, TrustedIssuer>;
  readonly keys: Map<string, TrustedKey>;
}

/** What one kind of log event does to the projection, and how many topics it must have. */
interface LogEvent {
  readonly topicCount: number;
  readonly apply: (log: RawLog, projection: Projection) => void;
}

const abi = issuerRegistryAbi;
const STATUS: readonly (IssuerStatus | undefined)[] = [
  undefined,
  'pending',
  'active',
  'suspended',
  'retired',
  'withdrawn',
];
const REVOCATION = ['none', 'bits', 'rids'] as const;

/**
 * Replay a registry's log from its first event: recompute the head and project who is trusted.
 *
 * Logs of other topics (OpenZeppelin's, anchors) are skipped. The caller compares `head` and `size` with the chain's:
 * where the logs came from then does not matter.
 *
 * @throws TrustError LOG_MALFORMED if an event is out of sequence, of the wrong shape, or speaks of something unknown
 */
export function replayLog(
  logs: readonly RawLog[],
  at: { readonly chainId: number; readonly registry: string },
): Replay {
  const projection: Projection = { jurisdictions: new Map(), issuers: new Map(), keys: new Map() };
  let head = logGenesis(at.chainId, at.registry);
  let size = 0;
  for (const log of logs) {
    const event = LOG_EVENTS.get(log.topics[0]?.toLowerCase() ?? '');
    if (event === undefined) continue;
    if (log.topics.length !== event.topicCount) {
      throw malformed('A log event has the wrong number of topics.');
    }
    head = nextHead(head, log); // refuses what is no hexadecimal
    if (BigInt(log.topics[1] ?? '') !== BigInt(size)) {
      throw malformed(`The log event at place ${size} carries another sequence number.`);
    }
    event.apply(log, projection);
    size += 1;
  }
  return {
    head,
    size,
    jurisdictions: [...projection.jurisdictions.values()],
    issuers: [...projection.issuers.values()],
    keys: [...projection.keys.values()],
  };
}

/**
 * Hold a replay to the head and size that the chain holds.
 *
 * @throws TrustError HEAD_MISMATCH if the log was cut, added to or altered on its way here
 */
export function assertHead(
  replay: Pick<Replay, 'head' | 'size'>,
  chain: { readonly head: string; readonly size: number },
): void {
  if (replay.head !== chain.head.toLowerCase() || replay.size !== chain.size) {
    throw new TrustError(
      'HEAD_MISMATCH',
      "The registry's log does not lead to the head that the chain holds.",
    );
  }
}

const jurisdictionOpened = AbiEvent.fromAbi(abi, 'JurisdictionOpened');
const jurisdictionSuspensionChanged = AbiEvent.fromAbi(abi, 'JurisdictionSuspensionChanged');
const issuerRegistered = AbiEvent.fromAbi(abi, 'IssuerRegistered');
const issuerStatusChanged = AbiEvent.fromAbi(abi, 'IssuerStatusChanged');
const keyRegistered = AbiEvent.fromAbi(abi, 'KeyRegistered');
const keyListed = AbiEvent.fromAbi(abi, 'KeyListed');
const keyRetired = AbiEvent.fromAbi(abi, 'KeyRetired');
const keyCompromised = AbiEvent.fromAbi(abi, 'KeyCompromised');

/** The closed list of log events, by topic. A new event is one row. */
const LOG_EVENTS: ReadonlyMap<string, LogEvent> = new Map([
  row(jurisdictionOpened, 3, (log, { jurisdictions }) => {
    const event = decode(jurisdictionOpened, log);
    const code = shortText(event.jurisdiction);
    jurisdictions.set(code, { code, name: event.name, suspended: false });
  }),
  row(jurisdictionSuspensionChanged, 3, (log, { jurisdictions }) => {
    const event = decode(jurisdictionSuspensionChanged, log);
    const code = shortText(event.jurisdiction);
    jurisdictions.set(code, { ...known(jurisdictions, code), suspended: event.suspended });
  }),
  row(issuerRegistered, 4, (log, { issuers }) => {
    const event = decode(issuerRegistered, log);
    const id = Number(event.issuerId);
    issuers.set(id, {
      id,
      did: event.did,
      iss: event.iss,
      name: event.name,
      jurisdiction: shortText(event.jurisdiction),
      status: statusOf(event.status),
      accreditedFrom: seconds(event.accreditedFrom),
      accreditedUntil: seconds(event.accreditedUntil),
      retiredAt: 0,
      statusBase: event.statusBase,
    });
  }),
  row(issuerStatusChanged, 3, (log, { issuers }) => {
    const event = decode(issuerStatusChanged, log);
    const id = Number(event.issuerId);
    const status = statusOf(event.status);
    const retiredAt = status === 'retired' ? seconds(event.time) : known(issuers, id).retiredAt;
    issuers.set(id, { ...known(issuers, id), status, retiredAt });
  }),
  row(keyRegistered, 4, (log, { issuers, keys }) => {
    const event = decode(keyRegistered, log);
    const issuer = known(issuers, Number(event.issuerId)).id;
    const kid = base64urlOf(event.kid);
    keys.set(keyName(issuer, kid), {
      issuer,
      kid,
      x: base64urlOf(event.x),
      y: base64urlOf(event.y),
      validFrom: seconds(event.validFrom),
      validUntil: seconds(event.validUntil),
      state: 'active',
      revocation: revocationOf(event.revocation),
      proven: true,
    });
  }),
  row(keyListed, 4, (log, { issuers, keys }) => {
    const event = decode(keyListed, log);
    const issuer = known(issuers, Number(event.issuerId)).id;
    const kid = base64urlOf(event.kid);
    keys.set(keyName(issuer, kid), {
      issuer,
      kid,
      x: base64urlOf(event.x),
      y: base64urlOf(event.y),
      validFrom: 0,
      validUntil: seconds(event.validUntil),
      state: 'active',
      revocation: revocationOf(event.revocation),
      proven: false,
    });
  }),
  row(keyRetired, 4, (log, { keys }) => {
    const event = decode(keyRetired, log);
    const name = keyName(Number(event.issuerId), base64urlOf(event.kid));
    keys.set(name, { ...known(keys, name), state: 'retired', validUntil: seconds(event.validUntil) });
  }),
  row(keyCompromised, 4, (log, { keys }) => {
    const event = decode(keyCompromised, log);
    const name = keyName(Number(event.issuerId), base64urlOf(event.kid));
    keys.set(name, { ...known(keys, name), state: 'compromised' });
  }),
]);

function row(event: AbiEvent.AbiEvent, topicCount: number, apply: LogEvent['apply']): [string, LogEvent] {
  return [AbiEvent.getSelector(event), { topicCount, apply }];
}

function decode<const E extends AbiEvent.AbiEvent>(event: E, log: RawLog): AbiEvent.decode.ReturnType<E> {
  try {
    return AbiEvent.decode(event, {
      topics: log.topics.map(lower) as [`0x${string}`, ...`0x${string}`[]],
      data: lower(log.data) as `0x${string}`,
    });
  } catch {
    throw malformed('A log event does not have the shape that its topic promises.');
  }
}

/** Hexadecimal means the same in capitals, and the decoder compares text. */
function lower(hex: string): string {
  return hex.toLowerCase();
}

function keyName(issuer: number, kid: string): string {
  return `${issuer}/${kid}`;
}

function known<K, V>(map: ReadonlyMap<K, V>, name: K): V {
  const value = map.get(name);
  if (value === undefined) throw malformed('A log event speaks of something the log did not introduce.');
  return value;
}

function statusOf(value: number): IssuerStatus {
  const status = STATUS[value];
  if (status === undefined) throw malformed('A log event gives an issuer a status that does not exist.');
  return status;
}

function revocationOf(value: number): TrustedKey['revocation'] {
  const revocation = REVOCATION[value];
  if (revocation === undefined) throw malformed('A log event names an unknown way of revoking.');
  return revocation;
}

/** uint64 seconds as a number; dates beyond 2^53 all mean "far away". */
function seconds(value: bigint): number {
  return Number(value > BigInt(Number.MAX_SAFE_INTEGER) ? BigInt(Number.MAX_SAFE_INTEGER) : value);
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.slice(2).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function base64urlOf(hex: string): string {
  return encodeBase64url(bytesOf(hex));
}

/** ASCII text left-aligned in 32 bytes. */
function shortText(hex: string): string {
  return new TextDecoder().decode(bytesOf(hex)).replace(/\0+$/, '');
}

function malformed(message: string): TrustError {
  return new TrustError('LOG_MALFORMED', message);
}
