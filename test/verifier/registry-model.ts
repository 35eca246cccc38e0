import { ZeroAddress, ZeroHash } from 'ethers';
import { didWebFromIss } from '../../credential/did-web.ts';
import type { RawLog } from '../../verifier/pipeline/registry-log.ts';
import type { ReplayedTrust } from '../../verifier/pipeline/replay.ts';
import { newKey, STATUS_BASE } from '../support/cards.ts';
import {
  accreditorChanged,
  codeOf,
  controllerChanged,
  held,
  keyBurned,
  keyCompromised,
  keyListed,
  keyRegistered,
  keyRetired,
  keyRevocationChanged,
  opened,
  operatorChanged,
  registered,
  rulesPublished,
  statusBaseChanged,
  statusChanged,
  successorAnnounced,
  suspended,
  transferred,
  updated,
  venueRegistered,
  venueRenamed,
  venueStatusChanged,
} from './registry-events.ts';
import { shortKey } from './short-key.ts';

/*
 * The registry as its contract behaves, by what IIssuerRegistry.sol says: storage in numbers, commands that are carried
 * out or refused, the events that they emit, and the lens's word on who is trusted.
 */

const { full, short } = shortKey();
/** Two points under three kids. */
export const MODEL_KEYS = [newKey(), full, short] as const;
/** Of every key, the kids that die when it is burned. */
const KIDS_OF_POINT = [[MODEL_KEYS[0].kid], [full.kid, short.kid], [full.kid, short.kid]] as const;

const CODES = ['US-NO', 'US-NJ', 'US-XX'] as const;
const BASES = ['', STATUS_BASE, 'https://b.example', 'https://c.example/status'] as const;
export const issOf = (id: number): string => `https://issuer-${id}.example`;

const ISSUER = { pending: 1, active: 2, suspended: 3, retired: 4, withdrawn: 5 } as const;
const ISSUER_WORDS = ['none', 'pending', 'active', 'suspended', 'retired', 'withdrawn'] as const;
const KEY = { active: 1, retired: 2, compromised: 3 } as const;
const KEY_WORDS = ['none', 'active', 'retired', 'compromised'] as const;
const VENUE_WORDS = ['none', 'active', 'suspended', 'withdrawn'] as const;
const REVOCATION_WORDS = ['none', 'bits', 'rids'] as const;

interface IssuerRecord {
  jurisdiction: string;
  status: number;
  held: boolean;
  from: number;
  until: number;
  attestations: number;
  name: string;
  base: string;
  formerBases: string[];
}

interface KeyRecord {
  readonly key: (typeof MODEL_KEYS)[number];
  readonly issuer: number;
  readonly from: number;
  until: number;
  state: number;
  revocation: number;
  readonly listed: boolean;
}

interface VenueRecord {
  readonly jurisdiction: string;
  readonly did: string;
  name: string;
  status: number;
}

type Rules = ReplayedTrust['rules'][number];

/** A registry in memory, with two jurisdictions open and an issuer in each. */
export class RegistryModel {
  readonly logs: RawLog[] = [];
  now = 1000;
  readonly jurisdictions = new Map<string, boolean>();
  readonly issuers = new Map<number, IssuerRecord>();
  readonly keys = new Map<string, KeyRecord>();
  readonly burned = new Set<string>();
  readonly venues = new Map<number, VenueRecord>();
  readonly rules: Rules[] = [];
  successor: ReplayedTrust['successor'] = null;

  constructor() {
    COMMANDS.openJurisdiction(this, 0);
    COMMANDS.openJurisdiction(this, 1);
    COMMANDS.registerIssuer(this, 0, 1, 0);
    COMMANDS.registerIssuer(this, 1, 1, 0);
  }

  emit(event: (seq: number) => RawLog): void {
    this.logs.push(event(this.logs.length));
  }

  /** What the lens says: RegistryLens.isTrusted. */
  isTrusted(issuerId: number, kid: string, nbf: number): boolean {
    const issuer = this.issuers.get(issuerId);
    const key = this.keys.get(`${issuerId}/${kid}`);
    if (issuer === undefined || key === undefined) return false;
    if (issuer.status !== ISSUER.active && issuer.status !== ISSUER.retired) return false;
    if (issuer.held || this.jurisdictions.get(issuer.jurisdiction) === true) return false;
    if (nbf < issuer.from || (issuer.until !== 0 && nbf >= issuer.until)) return false;
    if (key.state === KEY.compromised || this.burned.has(kid)) return false;
    return nbf >= key.from && (key.until === 0 || nbf < key.until);
  }

  /** What the log of this registry tells whoever replays it. */
  trust(): ReplayedTrust {
    return {
      successor: this.successor,
      jurisdictions: [...this.jurisdictions].map(([code, is]) => ({
        code,
        name: 'State of Nowhere',
        suspended: is,
      })),
      issuers: [...this.issuers].map(([id, record]) => ({
        id,
        did: didWebFromIss(issOf(id)),
        iss: issOf(id),
        name: record.name,
        jurisdiction: record.jurisdiction,
        status: ISSUER_WORDS[record.status] as ReplayedTrust['issuers'][number]['status'],
        held: record.held,
        accreditedFrom: record.from,
        accreditedUntil: record.until,
        attestations: record.attestations,
        statusBase: record.base,
        formerStatusBases: record.formerBases.filter((base) => base !== '' && base !== record.base),
      })),
      keys: [...this.keys.values()].map(({ key, issuer, from, until, state, revocation, listed }) => ({
        issuer,
        kid: key.kid,
        x: key.x,
        y: key.y,
        validFrom: from,
        validUntil: until,
        state: (this.burned.has(key.kid) ? 'compromised' : KEY_WORDS[state]) as 'active',
        revocation: REVOCATION_WORDS[revocation] ?? 'none',
        proven: !listed,
      })),
      venues: [...this.venues].map(([id, { jurisdiction, did, name, status }]) => ({
        id,
        did,
        name,
        jurisdiction,
        status: VENUE_WORDS[status] as 'active',
      })),
      rules: this.rules,
    };
  }
}

type Command = (registry: RegistryModel, a: number, b: number, c: number) => void;

const pick = <T>(from: readonly T[], at: number): T | undefined => from[at % from.length];
const issuerAt = ({ issuers }: RegistryModel, at: number): [number, IssuerRecord] =>
  pick([...issuers], at) as [number, IssuerRecord];
const keyAt = ({ keys }: RegistryModel, at: number): KeyRecord | undefined => pick([...keys.values()], at);
/** A key that is there and was not reported stolen. */
const livingKey = (registry: RegistryModel, at: number): KeyRecord | undefined => {
  const key = keyAt(registry, at);
  return key?.state === KEY.compromised ? undefined : key;
};

/** Everything that somebody can do with a registry, by three numbers: which, to what, how. */
export const COMMANDS = {
  openJurisdiction(registry, a) {
    const code = pick(CODES, a) ?? '';
    if (registry.jurisdictions.has(code)) return;
    registry.jurisdictions.set(code, false);
    registry.emit(opened(codeOf(code)));
  },

  setJurisdictionSuspended(registry, a, b) {
    const code = pick([...registry.jurisdictions.keys()], a) ?? '';
    const on = b % 2 === 0;
    if (registry.jurisdictions.get(code) === on) return;
    registry.jurisdictions.set(code, on);
    registry.emit(suspended(on, codeOf(code)));
  },

  acceptAccreditor(registry, a) {
    registry.emit(accreditorChanged(codeOf(pick([...registry.jurisdictions.keys()], a) ?? '')));
  },

  announceSuccessor(registry, a) {
    const address = a % 3 === 0 ? ZeroAddress : `0x${'ab'.repeat(20)}`;
    registry.successor = a % 3 === 0 ? null : { chainId: String(a), registry: address };
    registry.emit(successorAnnounced(address, a));
  },

  registerIssuer(registry, a, b, c) {
    const [jurisdiction = '', stopped] = pick([...registry.jurisdictions], a) ?? [];
    if (stopped === true || registry.issuers.size === 5) return;
    const id = registry.issuers.size + 1;
    const [from, until] = [c % 3000, c % 2 === 0 ? 0 : (c % 3000) + 1 + (b % 4000)];
    const status = b % 2 === 0 ? ISSUER.pending : ISSUER.active;
    const name = 'An issuer';
    registry.issuers.set(id, {
      jurisdiction,
      status,
      held: false,
      from,
      until,
      attestations: 15,
      name,
      base: STATUS_BASE,
      formerBases: [],
    });
    const iss = issOf(id);
    const terms = { id, status, iss, did: didWebFromIss(iss), from, until, name };
    registry.emit(registered({ ...terms, jurisdiction: codeOf(jurisdiction) }));
  },

  setIssuerStatus(registry, a, b) {
    const [id, record] = issuerAt(registry, a);
    const to = b % 6;
    const may =
      (to === ISSUER.active && (record.status === ISSUER.pending || record.status === ISSUER.suspended)) ||
      (to === ISSUER.suspended && record.status === ISSUER.active) ||
      (to === ISSUER.retired && (record.status === ISSUER.active || record.status === ISSUER.suspended)) ||
      (to === ISSUER.withdrawn && record.status !== ISSUER.withdrawn);
    if (!may) return;
    record.status = to;
    if (to === ISSUER.retired && (record.until === 0 || record.until > registry.now)) {
      record.until = registry.now;
    }
    registry.emit(statusChanged(to, registry.now, id));
  },

  setIssuerHeld(registry, a, b) {
    const [id, record] = issuerAt(registry, a);
    const on = b % 2 === 0;
    if (record.held === on) return;
    record.held = on;
    registry.emit(held(on, id));
  },

  updateIssuer(registry, a, b, c) {
    const [id, record] = issuerAt(registry, a);
    if (record.status >= ISSUER.retired) return;
    const [from, until] = [b % 3000, b % 2 === 0 ? 0 : (b % 3000) + 1 + (c % 3000)];
    const terms = { from, until, attestations: c % 16, name: `Issuer ${c % 7}` };
    Object.assign(record, terms);
    registry.emit(updated({ id, ...terms }));
  },

  setStatusBase(registry, a, b) {
    const [id, record] = issuerAt(registry, a);
    if (!record.formerBases.includes(record.base)) record.formerBases.push(record.base);
    record.base = pick(BASES, b) ?? '';
    registry.emit(statusBaseChanged(record.base, id));
  },

  acceptController(registry, a) {
    registry.emit(controllerChanged(issuerAt(registry, a)[0]));
  },

  setOperator(registry, a) {
    registry.emit(operatorChanged(issuerAt(registry, a)[0]));
  },

  acceptIssuer(registry, a, b) {
    const [id, record] = issuerAt(registry, a);
    const [to = '', stopped] = pick([...registry.jurisdictions], b) ?? [];
    if (stopped === true) return;
    record.jurisdiction = to;
    registry.emit(transferred(codeOf(to), id));
  },

  addKey(registry, a, b, c) {
    const [id, record] = issuerAt(registry, a);
    const key = pick(MODEL_KEYS, b) ?? MODEL_KEYS[0];
    if (record.status > ISSUER.active || record.held) return;
    if (registry.keys.has(`${id}/${key.kid}`) || registry.burned.has(key.kid)) return;
    // A key of short coordinates can only be listed.
    const listed = key === short || c % 2 === 0;
    const from = listed ? 0 : c % 2000;
    const until = listed && c % 4 === 0 ? 0 : from + 1 + (b % 4000);
    const revocation = c % 3;
    registry.keys.set(`${id}/${key.kid}`, {
      key,
      issuer: id,
      from,
      until,
      state: KEY.active,
      revocation,
      listed,
    });
    registry.emit(
      listed ? keyListed(key, revocation, id, until) : keyRegistered(key, revocation, id, [from, until]),
    );
  },

  retireKey(registry, a) {
    const key = livingKey(registry, a);
    if (key?.state !== KEY.active) return;
    key.until = key.until !== 0 && key.until < registry.now ? key.until : registry.now;
    key.state = KEY.retired;
    registry.emit(keyRetired(key.key, key.until, key.issuer));
  },

  compromiseKey(registry, a) {
    const key = livingKey(registry, a);
    if (key === undefined) return;
    key.state = KEY.compromised;
    registry.emit(keyCompromised(key.key, key.issuer));
  },

  setKeyRevocation(registry, a, b) {
    const key = livingKey(registry, a);
    if (key?.revocation !== 0) return;
    key.revocation = 1 + (b % 2);
    registry.emit(keyRevocationChanged(key.key, key.revocation, key.issuer));
  },

  burnKey(registry, a) {
    // Rarely, or every key is dead by the end.
    if (a % 4 !== 0) return;
    const at = (a / 4) % 2;
    const kids = KIDS_OF_POINT[at === 0 ? 0 : 1];
    if (registry.burned.has(kids[0])) return;
    for (const kid of kids) registry.burned.add(kid);
    registry.emit(keyBurned(at === 0 ? MODEL_KEYS[0] : full));
  },

  registerVenue(registry, a, b) {
    const [jurisdiction = '', stopped] = pick([...registry.jurisdictions], a) ?? [];
    const did = `did:web:venue-${b % 3}.example`;
    const there = [...registry.venues.values()];
    if (stopped === true || there.some((is) => is.jurisdiction === jurisdiction && is.did === did)) return;
    const id = registry.venues.size + 1;
    registry.venues.set(id, { jurisdiction, did, name: 'A venue', status: 1 });
    registry.emit(venueRegistered({ id, did, name: 'A venue', jurisdiction: codeOf(jurisdiction) }));
  },

  renameVenue(registry, a, b) {
    const [id, record] = pick([...registry.venues], a) ?? [];
    if (id === undefined || record === undefined) return;
    record.name = `Venue ${b % 5}`;
    registry.emit(venueRenamed(record.name, id));
  },

  setVenueStatus(registry, a, b) {
    const [id, record] = pick([...registry.venues], a) ?? [];
    const to = b % 4;
    if (id === undefined || record === undefined || to === 0) return;
    if (record.status === to || record.status === 3) return;
    record.status = to;
    registry.emit(venueStatusChanged(to, id));
  },

  publishRules(registry, a, b, c) {
    const [jurisdiction = '', stopped] = pick([...registry.jurisdictions], a) ?? [];
    const id = b % 2 === 0 ? 'ENTRY' : 'EXIT';
    const version = c % 50;
    const of = registry.rules.filter((each) => each.jurisdiction === jurisdiction && each.id === id);
    if (stopped === true || version <= (of.at(-1)?.version ?? 0)) return;
    const ends = c % 5 === 0;
    const digest = ends ? ZeroHash : `0x${'12'.repeat(32)}`;
    const uri = 'https://rules.example';
    registry.rules.push({ jurisdiction, id, version, validFrom: b, digest: ends ? null : digest, uri });
    registry.emit(rulesPublished({ id, version, from: b, digest, uri, jurisdiction: codeOf(jurisdiction) }));
  },
} satisfies Readonly<Record<string, Command>>;
