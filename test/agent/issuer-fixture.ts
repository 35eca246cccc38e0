import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import { initIssuer } from '../../agent/issuer-folder.ts';
import type { Issuer, OpenOptions, TokenPlace } from '../../agent/issuer.ts';
import type { TrustedKey } from '../../verifier/pipeline/trust-document.ts';
import { JURISDICTION, trustedIssuer, trustedKey } from '../support/cards.ts';
import { storeTerms } from './store/places.ts';

export const PASSPHRASE = 'a passphrase of tests';
export const ISS = 'https://health.example.org/shc';
/** The least scrypt cost that is read, so that tests do not wait for it. */
export const KDF_COST = 2 ** 14;
/** 2026-11-23T12:00:00Z */
export const NOW = 1_795_435_200;

/** A folder of its own that goes away with the test. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-agent-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface IssuerFixture {
  readonly issuer: Issuer;
  readonly kid: string;
  readonly dir: string;
}

export interface IssuerChoice extends Pick<OpenOptions, 'askPin'> {
  readonly anchored?: boolean;
  /** The token that the key is made on. */
  readonly place?: TokenPlace;
}

/** A new issuer with one key whose empty list the chain is said to hold. */
export async function makeIssuer(t: TestContext, options: IssuerChoice = {}): Promise<IssuerFixture> {
  const dir = join(await temporaryFolder(t), 'issuer');
  const issuer = await initIssuer({
    dir,
    passphrase: PASSPHRASE,
    iss: ISS,
    name: 'Harbor Clinic',
    kdfCost: KDF_COST,
    clock: () => NOW,
    ...(options.askPin === undefined ? {} : { askPin: options.askPin }),
    ...(await storeTerms()),
  });
  t.after(() => issuer.close());
  const { kid } = await issuer.createSigningKey(options.place);
  await stateTrust(issuer);
  if (options.anchored ?? true) await issuer.anchored(kid, issuer.statusList(kid));
  return { issuer, kid, dir };
}

/** What a registry's log would tell an issuer: that it and all its keys, but for some, are trusted. */
export async function stateTrust(
  issuer: Issuer,
  compromised: readonly string[] = [],
  {
    held = false,
    suspended = false,
    accreditedFrom = 0,
    accreditedUntil = 0,
    statusBase = issuer.identity.statusBase,
    keys = {},
  }: {
    readonly held?: boolean;
    readonly suspended?: boolean;
    readonly accreditedFrom?: number;
    readonly accreditedUntil?: number;
    readonly statusBase?: string;
    /** What else it says of every key. */
    readonly keys?: Partial<TrustedKey>;
  } = {},
): Promise<void> {
  const { iss, did } = issuer.identity;
  await issuer.learnRegistry({
    jurisdictions: [{ ...JURISDICTION, suspended }],
    issuers: [trustedIssuer({ iss, did, statusBase, held, accreditedFrom, accreditedUntil })],
    keys: issuer.keys().map((key) => {
      const state = compromised.includes(key.kid) ? 'compromised' : 'active';
      return trustedKey(key, { validFrom: 0, validUntil: 0, revocation: 'bits', state, ...keys });
    }),
  });
}

/** One of the two sample records of the demo. */
export function sampleBundle(name: 'immunization' | 'lab-result'): unknown {
  return JSON.parse(readFileSync(new URL(`../../cli/samples/${name}.json`, import.meta.url), 'utf8'));
}

/** Freezes an object with all that is in it, so that writing anywhere throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
