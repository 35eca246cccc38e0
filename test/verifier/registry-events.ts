import { Interface, hexlify, toUtf8Bytes, zeroPadBytes } from 'ethers';
import { issuerRegistryAbi } from '../../contracts/abi.ts';
import type { RawLog } from '../../verifier/pipeline/registry-log.ts';
import type { TestKey } from '../support/cards.ts';
import { DID, ISS, STATUS_BASE } from '../support/cards.ts';

/*
 * Log events as the registry emits them, encoded by ethers: another implementation of the ABI than the one that replays
 * them.
 */

const abi = new Interface(issuerRegistryAbi);

export const CHAIN = { chainId: 31337, registry: '0x5fbdb2315678afecb367f032d93f642f64180aa3' } as const;
export const BY = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';
/** A code as the registry holds it: ASCII, zeros behind. */
export const codeOf = (text: string): string => zeroPadBytes(toUtf8Bytes(text), 32);

export const JURISDICTION = codeOf('US-NO');

/** One log of the registry by the name of its event. */
export function event(name: string, ...values: readonly unknown[]): RawLog {
  const fragment = abi.getEvent(name);
  if (fragment === null) throw new Error(`no event ${name}`);
  const { topics, data } = abi.encodeEventLog(fragment, values);
  return { topics, data };
}

export const hexOf = (base64url: string): string => hexlify(Buffer.from(base64url, 'base64url'));

/** A key by its public half. */
type Point = Pick<TestKey, 'kid' | 'x' | 'y'>;

/** What makes one registry's log: each event takes the next place. */
export function registryLog(...events: readonly ((seq: number) => RawLog)[]): RawLog[] {
  return events.map((make, seq) => make(seq));
}

export const opened =
  (code = JURISDICTION) =>
  (seq: number): RawLog =>
    event('JurisdictionOpened', seq, code, BY, 1000, BY, 'State of Nowhere');

export const suspended =
  (on: boolean, code = JURISDICTION) =>
  (seq: number): RawLog =>
    event('JurisdictionSuspensionChanged', seq, code, BY, 1001, on, 7);

export const accreditorChanged =
  (code = JURISDICTION) =>
  (seq: number): RawLog =>
    event('AccreditorChanged', seq, code, BY, 1001, BY);

export const successorAnnounced =
  (registry: string, chainId: bigint | number = 5) =>
  (seq: number): RawLog =>
    event('SuccessorAnnounced', seq, registry, BY, 1001, chainId);

export const registered =
  (
    issuer: {
      id?: number | bigint;
      status?: number;
      iss?: string;
      did?: string;
      from?: number;
      until?: bigint | number;
      name?: string;
      jurisdiction?: string;
    } = {},
  ) =>
  (seq: number): RawLog =>
    event(
      'IssuerRegistered',
      seq,
      issuer.id ?? 1,
      issuer.jurisdiction ?? JURISDICTION,
      BY,
      1002,
      BY,
      issuer.status ?? 2,
      issuer.from ?? 0,
      issuer.until ?? 0n,
      15,
      issuer.did ?? DID,
      issuer.iss ?? ISS,
      issuer.name ?? 'Health department of Nowhere',
      STATUS_BASE,
    );

export const statusChanged =
  (status: number, time = 2000, id = 1) =>
  (seq: number): RawLog =>
    event('IssuerStatusChanged', seq, id, BY, time, status, 3);

export const held =
  (on: boolean, id = 1) =>
  (seq: number): RawLog =>
    event('IssuerHoldChanged', seq, id, BY, 2000, on, 3);

export const updated =
  (terms: { id?: number; from?: number; until?: number; attestations?: number; name?: string } = {}) =>
  (seq: number): RawLog => {
    const { id = 1, from = 0, until = 0, attestations = 15, name = 'Another name' } = terms;
    return event('IssuerUpdated', seq, id, BY, 2000, from, until, attestations, name);
  };

export const statusBaseChanged =
  (base: string, id = 1) =>
  (seq: number): RawLog =>
    event('IssuerStatusBaseChanged', seq, id, BY, 2000, base);

export const controllerChanged =
  (id = 1) =>
  (seq: number): RawLog =>
    event('IssuerControllerChanged', seq, id, BY, 2000, BY);

export const operatorChanged =
  (id = 1) =>
  (seq: number): RawLog =>
    event('IssuerOperatorChanged', seq, id, BY, 2000, BY);

export const transferred =
  (code: string, id = 1) =>
  (seq: number): RawLog =>
    event('IssuerTransferred', seq, id, code, BY, 2000);

export const keyRegistered =
  (
    { kid, x, y }: TestKey,
    revocation = 1,
    id = 1,
    window: readonly [number, number] = [100, 4_000_000_000],
  ) =>
  (seq: number): RawLog =>
    event('KeyRegistered', seq, id, hexOf(kid), BY, 1003, hexOf(x), hexOf(y), ...window, revocation);

export const keyListed =
  ({ kid, x, y }: Point, revocation = 0, id = 1, until = 0) =>
  (seq: number): RawLog =>
    event('KeyListed', seq, id, hexOf(kid), BY, 1003, hexOf(x), hexOf(y), until, revocation);

export const keyRetired =
  ({ kid }: Point, until: number, id = 1) =>
  (seq: number): RawLog =>
    event('KeyRetired', seq, id, hexOf(kid), BY, until, until);

export const keyCompromised =
  ({ kid }: Point, id = 1) =>
  (seq: number): RawLog =>
    event('KeyCompromised', seq, id, hexOf(kid), BY, 3000);

export const keyRevocationChanged =
  ({ kid }: Point, revocation: number, id = 1) =>
  (seq: number): RawLog =>
    event('KeyRevocationChanged', seq, id, hexOf(kid), BY, 3000, revocation);

/** By its coordinates of 32 bytes. */
export const keyBurned =
  ({ kid, x, y }: Point) =>
  (seq: number): RawLog =>
    event('KeyBurned', seq, hexOf(kid), BY, 3000, hexOf(x), hexOf(y));

export const venueRegistered =
  (venue: { id?: number; did?: string; name?: string; jurisdiction?: string } = {}) =>
  (seq: number): RawLog => {
    const { id = 1, did = 'did:web:arena.example', name = 'Arena', jurisdiction = JURISDICTION } = venue;
    return event('VenueRegistered', seq, id, jurisdiction, BY, 1004, did, name);
  };

export const venueRenamed =
  (name: string, id = 1) =>
  (seq: number): RawLog =>
    event('VenueRenamed', seq, id, BY, 1005, name);

export const venueStatusChanged =
  (status: number, id = 1) =>
  (seq: number): RawLog =>
    event('VenueStatusChanged', seq, id, BY, 1005, status, 4);

export const rulesPublished =
  (
    rules: {
      id?: string;
      version?: number | bigint;
      from?: number;
      digest?: string;
      uri?: string;
      jurisdiction?: string;
    } = {},
  ) =>
  (seq: number): RawLog => {
    const { id = 'ENTRY', version = 1, from = 1006, uri = '', jurisdiction = JURISDICTION } = rules;
    const { digest = `0x${'12'.repeat(32)}` } = rules;
    return event('RulesPublished', seq, jurisdiction, codeOf(id), BY, 1006, version, from, digest, uri);
  };

/** Outside the log. */
export const anchored = ({ kid }: TestKey): RawLog =>
  event('RevocationAnchored', 1, hexOf(kid), BY, hexlify(new Uint8Array(32)), 1, 131072, 0, false);
