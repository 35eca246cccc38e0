import type { Result } from 'ethers';
import { type HistoryEntry, type HistoryEvent, readEntries } from './history.ts';
import { moment } from './moment.ts';
import { reasonInWords } from './reason.ts';
import type { RefusalName } from './refusals.ts';
import { decodeAddress, decodeJurisdiction } from './registry-encoding.ts';
import { type Refusal, RegistryError } from './registry-error.ts';

/** Where what a refusal speaks of can be looked up. */
interface Reader {
  readonly rpcUrl: string;
  readonly registry: string;
  readonly view: (name: 'defaultAdmin', args: readonly unknown[]) => Promise<Result>;
  readonly lensView: (
    name: 'issuerOf' | 'jurisdictionOf' | 'transferOfferOf',
    args: readonly unknown[],
  ) => Promise<Result>;
}

type Context = (args: readonly unknown[], reader: Reader) => Promise<string | undefined>;

/** What to add to a refusal: since when, why and by whom, or who it is that may. */
const CONTEXTS: Partial<Record<RefusalName, Context>> = {
  AccessControlUnauthorizedAccount: async (_, { view }) =>
    `The governor is ${String((await view('defaultAdmin', []))[0])}.`,
  IssuerHeld: ([issuerId], reader) => since(reader, ['IssuerHoldChanged'], issuerId),
  IssuerNotActive: ([issuerId], reader) => since(reader, ['IssuerStatusChanged'], issuerId),
  JurisdictionSuspended: ([code], reader) => since(reader, ['JurisdictionSuspensionChanged'], code),
  SuspensionUnchanged: ([code], reader) => since(reader, ['JurisdictionSuspensionChanged'], code),
  HoldUnchanged: ([issuerId], reader) => since(reader, ['IssuerHoldChanged'], issuerId),
  KeyIsBurned: ([kid], reader) => since(reader, ['KeyBurned'], kid),
  KeyIsCompromised: ([issuerId, kid], reader) => since(reader, ['KeyCompromised'], issuerId, kid),
  KeyIsRetired: ([issuerId, kid], reader) => since(reader, ['KeyRetired'], issuerId, kid),
  NotAccreditor: async ([code], reader) => `The accreditor is ${await accreditorOf(code, reader)}.`,
  NotController: async ([issuerId], reader) => {
    const { jurisdiction, controller } = (await issuerOf(issuerId, reader)) as Record<string, unknown>;
    const account = decodeAddress(String(controller));
    if (account !== null) return `Its controller is ${account}.`;
    const accreditor = await accreditorOf(jurisdiction, reader);
    return `It is only listed, so the accreditor acts for it, ${accreditor}.`;
  },
  NotOffered: async ([issuerId], { lensView }) => {
    const [code] = await lensView('transferOfferOf', [issuerId]);
    const offered = decodeJurisdiction(String(code));
    return offered === '' ? 'It is offered to none.' : `It is offered to ${offered}.`;
  },
};

/**
 * A refusal by the contract with what can be looked up about it; any other error as it is.
 *
 * One request, held against nothing: it helps a person and decides nothing. Without an answer the refusal stands alone.
 */
export async function explained(error: unknown, reader: Reader): Promise<unknown> {
  if (!(error instanceof RegistryError) || error.code !== 'REVERTED' || error.refusal === undefined) {
    return error;
  }
  const addition = await additionTo(error.refusal, reader);
  if (addition === undefined) return error;
  return new RegistryError('REVERTED', `${error.message} ${addition}`, error.refusal);
}

async function additionTo({ name, args }: Refusal, reader: Reader): Promise<string | undefined> {
  try {
    return await CONTEXTS[name as RefusalName]?.(args, reader);
  } catch {
    return undefined;
  }
}

/** When, why and by whom the last such event about a thing came to be; undefined if there was none. */
async function since(
  { rpcUrl, registry }: Reader,
  events: readonly HistoryEvent[],
  first: unknown,
  second?: unknown,
): Promise<string | undefined> {
  const about = {
    events,
    first: topicOf(first),
    ...(second === undefined ? {} : { second: topicOf(second) }),
  };
  const last = (await readEntries(rpcUrl, registry, about, { maxRequests: 1 })).at(-1);
  return last === undefined ? undefined : sinceWords(last);
}

function sinceWords({ time, by, details }: HistoryEntry): string {
  const reason = typeof details['reason'] === 'number' ? `, reason ${reasonInWords(details['reason'])}` : '';
  return `So it is since ${moment(time)}, by ${by}${reason}.`;
}

function topicOf(value: unknown): string {
  return typeof value === 'bigint' ? `0x${value.toString(16).padStart(64, '0')}` : String(value);
}

async function issuerOf(issuerId: unknown, { lensView }: Reader): Promise<object> {
  return ((await lensView('issuerOf', [issuerId]))[0] as Result).toObject();
}

async function accreditorOf(code: unknown, { lensView }: Reader): Promise<string> {
  return String(((await lensView('jurisdictionOf', [code]))[0] as Result)['accreditor']);
}
