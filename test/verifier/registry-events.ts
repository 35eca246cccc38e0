import { Interface, hexlify, zeroPadBytes, toUtf8Bytes } from 'ethers';
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
export const JURISDICTION = zeroPadBytes(toUtf8Bytes('US-NO'), 32);

/** One log of the registry by the name of its event. */
export function event(name: string, ...values: readonly unknown[]): RawLog {
  const fragment = abi.getEvent(name);
  if (fragment === null) throw new Error(`no event ${name}`);
  const { topics, data } = abi.encodeEventLog(fragment, values);
  return { topics, data };
}

export const hexOf = (base64url: string): string => hexlify(Buffer.from(base64url, 'base64url'));

/** What makes one registry's log: each event takes the next place. */
export function registryLog(...events: readonly ((seq: number) => RawLog)[]): RawLog[] {
  return events.map((make, seq) => make(seq));
}

export const opened =
  (code = JURISDICTION) =>
  (seq: number): RawLog =>
    event('JurisdictionOpened', seq, code, BY, 1000, BY, 'State of Nowhere');

export const suspended =
  (on: boolean) =>
  (seq: number): RawLog =>
    event('JurisdictionSuspensionChanged', seq, JURISDICTION, BY, 1001, on, 7);

export const registered =
  (
    issuer: { id?: number; status?: number; iss?: string; did?: string; until?: bigint; name?: string } = {},
  ) =>
  (seq: number): RawLog =>
    event(
      'IssuerRegistered',
      seq,
      issuer.id ?? 1,
      JURISDICTION,
      BY,
      1002,
      BY,
      issuer.status ?? 2,
      0,
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
  ({ kid, x, y }: Pick<TestKey, 'kid' | 'x' | 'y'>, revocation = 0, id = 1, until = 0) =>
  (seq: number): RawLog =>
    event('KeyListed', seq, id, hexOf(kid), BY, 1003, hexOf(x), hexOf(y), until, revocation);

export const keyRetired =
  ({ kid }: TestKey, until: number, id = 1) =>
  (seq: number): RawLog =>
    event('KeyRetired', seq, id, hexOf(kid), BY, until, until);

export const keyCompromised =
  ({ kid }: TestKey, id = 1) =>
  (seq: number): RawLog =>
    event('KeyCompromised', seq, id, hexOf(kid), BY, 3000);

export const anchored = ({ kid }: TestKey): RawLog =>
  event('RevocationAnchored', 1, hexOf(kid), BY, hexlify(new Uint8Array(32)), 1, 131072, 0, false);
