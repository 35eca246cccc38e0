import { countingPolicy, WINDOW_NUMBERS } from '../../agent/issuance-policy.ts';
import type { IssuancePolicy, WindowNumber } from '../../agent/issuance-policy.ts';
import { readPlausibilityLimits, type PlausibilityLimits } from '../../agent/plausibility-limits.ts';
import { IssuerError } from '../../agent/issuer-error.ts';
import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8 } from '../../credential/json.ts';
import { ShapeError } from '../../credential/strict-reader.ts';
import { readFileUpTo } from '../../verifier/node/read-file.ts';
import { UsageError } from '../exit.ts';
import { readJsonFile } from '../trust/json-file.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export interface PolicyOptions extends IssuerOptions {
  readonly valueSet?: string;
  readonly timeZone?: string;
  readonly limits?: string;
}

/** A value set is a page of JSON. */
const MAX_VALUE_SET_BYTES = 1024 * 1024;

/** `pratique issuer policy`: say or show what products are issued by. */
export async function runPolicy(options: PolicyOptions): Promise<void> {
  await withIssuer(options, async (issuer) => {
    const before = await issuer.policy.said();
    const changed = await changedPolicy(before, options);
    if (changed !== undefined) await issuer.policy.say(changed);
    const policy = changed ?? before;
    if (policy === undefined) {
      report(options, { policy: null }, ['Nobody has said yet what products are issued by.']);
      return;
    }
    const { name, numbers, zone, limits } = countingPolicy(policy);
    const moved = before === undefined ? [] : movedNumbers(countingPolicy(before).numbers, numbers);
    report(options, { valueSet: name, timeZone: zone.name, numbers, moved, limits }, [
      `Products are issued by ${name}, days by ${zone.name}.`,
      ...WINDOW_NUMBERS.map((number) => `  ${number.padEnd(14)} ${numbers[number]}`),
      ...limitLines(limits),
      ...movedLines(moved),
    ]);
  });
}

/** A number that windows are made of, as it was and as it is. */
interface MovedNumber {
  readonly number: WindowNumber;
  readonly before: number;
  readonly now: number;
}

type Numbers = Readonly<Record<WindowNumber, number>>;

function movedNumbers(before: Numbers, now: Numbers): readonly MovedNumber[] {
  return WINDOW_NUMBERS.filter((number) => before[number] !== now[number]).map((number) => ({
    number,
    before: before[number],
    now: now[number],
  }));
}

function movedLines(moved: readonly MovedNumber[]): readonly string[] {
  if (moved.length === 0) return [];
  return [
    ...moved.map(
      ({ number, before, now }) => `${number} was ${before} and is ${now} for cards issued from now on.`,
    ),
    'Cards that are out keep the end they were signed with. To issue them anew:',
    '  one      `pratique issuer issue --product … --replaces ID record.json`',
    '  many     `pratique issuer bulk --batch NEW …`, then `pratique issuer revoke --batch OLD --superseded-by NEW`',
  ];
}

async function changedPolicy(
  before: IssuancePolicy | undefined,
  { valueSet, timeZone, limits: limitsFile }: PolicyOptions,
): Promise<IssuancePolicy | undefined> {
  if (valueSet === undefined && timeZone === undefined && limitsFile === undefined) return undefined;
  const [text, zone] = [
    valueSet === undefined ? before?.valueSet : await readValueSetFile(valueSet),
    timeZone ?? before?.timeZone,
  ];
  if (text === undefined || zone === undefined) {
    throw new UsageError('Say both --value-set and --time-zone the first time.');
  }
  const limits = limitsFile === undefined ? before?.limits : await readLimitsFile(limitsFile);
  return { valueSet: text, timeZone: zone, ...(limits === undefined ? {} : { limits }) };
}

async function readLimitsFile(path: string): Promise<PlausibilityLimits> {
  try {
    return readPlausibilityLimits((await readJsonFile(path)).json);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new IssuerError('POLICY_INVALID', `The limits cannot be used: they hold ${error.message}.`);
  }
}

function limitLines({ vaccinesFrom, ...limits }: PlausibilityLimits): readonly string[] {
  return [
    'A record can be true of somebody, and one person gets the same card, up to:',
    ...Object.entries(limits).map(([name, limit]) => `  ${name.padEnd(14)} ${limit}`),
    `  vaccinesFrom   ${Object.keys(vaccinesFrom).length} vaccines, not before each was authorised`,
  ];
}

async function readValueSetFile(path: string): Promise<string> {
  const bytes = await readFileUpTo(path, MAX_VALUE_SET_BYTES).catch(() => undefined);
  if (bytes === undefined || bytes === 'too-large') {
    throw new IssuerError('INPUT_UNREADABLE', 'The value set cannot be read, or is over 1 MB long.');
  }
  try {
    return decodeUtf8(bytes);
  } catch (error) {
    if (error instanceof FormatError) throw new IssuerError('INPUT_UNREADABLE', 'The value set is no text.');
    throw error;
  }
}
