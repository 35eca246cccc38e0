import type { ImportEs256Key } from '../../credential/es256.ts';
import { isJsonObject } from '../../credential/json.ts';
import type { CardScheme } from '../../credential/shc-uri.ts';
import { readTrustDocument } from '../../verifier/pipeline/trust-document-reader.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import { indexTrust } from '../../verifier/pipeline/trust.ts';
import type { Challenge, Terms } from '../../verifier/pipeline/checks.ts';
import { NOTHING_CHECKED } from '../../verifier/pipeline/decision.ts';
import type { Checks, Decision } from '../../verifier/pipeline/decision.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import type { NoTrust } from '../../verifier/pipeline/verify.ts';

// What test/vectors/README.md says of the files, as types. Nothing here needs Node: a page's test reads them too.

/** What is shown to the verifier. */
export type VectorInput =
  /** One compact JWS, exactly; with `scheme`, as decoded from a QR code of that scheme. */
  | { readonly text: string; readonly scheme?: CardScheme }
  /** The texts of QR codes in the order of scanning. */
  | { readonly codes: readonly string[] }
  | { readonly file: FileInput };

/** A file: its bytes, in base64, followed by spaces up to `paddedTo` bytes; without `base64`, a file that is not there. */
interface FileInput {
  readonly name: string;
  readonly base64?: string;
  readonly paddedTo?: number;
}

/** The answer about one credential; `codes` in any order, `checks` those that matter. */
export interface Expected {
  readonly outcome: string;
  readonly codes: readonly string[];
  readonly checks?: { readonly [check in keyof Checks]?: string };
  /** The rules that are not met, by their identifiers, or why rules could not be checked. */
  readonly because?: readonly string[];
}

/** What was answered: a decision, or what a page or a terminal shows of one. */
export type Answered = Expected & Partial<Pick<Decision, 'rules' | 'unmet'>>;

export interface Vector {
  readonly name: string;
  readonly why: string;
  readonly section: string;
  readonly input: VectorInput;
  readonly now: number;
  readonly at?: number;
  readonly event?: number;
  readonly allowUnanchored?: boolean;
  readonly rules?: string;
  /** What the holder was asked to sign; without it nothing was asked. */
  readonly challenge?: Challenge;
  /** The name of a document in `trust/`, or `missing`, or `invalid`. */
  readonly trust: string;
  /** The answer rests on the machine's clock being `now`: whoever cannot set it leaves the vector out. */
  readonly needsClock?: boolean;
  readonly expect: readonly Expected[];
}

/** Reads a vector's JSON; throws TypeError, naming the file, if it is not one or has a member that none has. */
export function readVector(path: string, json: unknown): Vector {
  const members = isJsonObject(json) ? json : {};
  const names = new Set([...Object.keys(MEMBERS), ...Object.keys(members)]);
  const wrong = [...names].filter((name) => MEMBERS[name]?.(members[name]) !== true);
  if (wrong.length > 0) throw new TypeError(`${path}: ${wrong.join(', ')} is not as the README says.`);
  if (`${String(members['name'])}.json` !== path) throw new TypeError(`${path}: its name is another.`);
  return json as Vector;
}

/** What the vector asks of the pipeline. */
export function termsOf({
  now,
  at,
  event,
  allowUnanchored = false,
  rules = 'none',
  challenge,
}: Omit<Vector, 'input'>): Terms {
  return { now, at, event, allowUnanchored, rules, challenge };
}

/** The bytes of a file; undefined of one that is not there. */
export function fileBytes({ base64, paddedTo = 0 }: FileInput): Uint8Array | undefined {
  if (base64 === undefined) return undefined;
  const content = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const bytes = new Uint8Array(Math.max(content.length, paddedTo)).fill(SPACE);
  bytes.set(content);
  return bytes;
}

const SPACE = 0x20;

/** A trust document of `trust/` as a venue that pinned its source holds it: `invalid` if it is none. */
export function trustOf(json: unknown, importKey: ImportEs256Key): Trust | NoTrust {
  try {
    const document = readTrustDocument(json);
    return indexTrust(document, { anchored: document.source.kind === 'chain', importKey });
  } catch (error) {
    if (error instanceof TrustError) return 'invalid';
    throw error;
  }
}

/**
 * What was answered, in the shape of the expectation, for a deep comparison: codes sorted on both sides, of the checks
 * only those that the vector names.
 */
export function comparable(
  answers: readonly Answered[],
  expected: readonly Expected[] = answers,
): readonly Expected[] {
  return answers.map((answer, place) => {
    const { outcome, codes, checks = {} } = answer;
    const named = CHECK_NAMES.filter((name) => expected[place]?.checks?.[name] !== undefined);
    return {
      outcome,
      codes: codes.toSorted(),
      checks: Object.fromEntries(named.map((name) => [name, checks[name]])),
      ...(expected[place]?.because === undefined ? {} : { because: becauseOf(answer) }),
    };
  });
}

function becauseOf({ because, rules, unmet = [] }: Answered): readonly string[] {
  return because ?? [rules?.fault ?? [], ...unmet.map(({ set, rule }) => rule ?? set)].flat();
}

const CHECK_NAMES = Object.keys(NOTHING_CHECKED) as (keyof Checks)[];

type Holds = (value: unknown) => boolean;

const text: Holds = (value) => typeof value === 'string' && value !== '';
const moment: Holds = (value) => typeof value === 'number' && value >= 0;
const flag: Holds = (value) => typeof value === 'boolean';
const optional =
  (holds: Holds): Holds =>
  (value) =>
    value === undefined || holds(value);
const listOf =
  (holds: Holds): Holds =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every((item: unknown) => holds(item));
const record =
  (members: Readonly<Record<string, Holds>>): Holds =>
  (value) =>
    isJsonObject(value) &&
    Object.keys(value).every((name) => members[name] !== undefined) &&
    Object.entries(members).every(([name, holds]) => holds(value[name]));

const INPUT_FORMS: readonly Holds[] = [
  record({ text, scheme: optional((value) => value === 'shc' || value === 'pratique') }),
  record({ codes: listOf(text) }),
  record({
    file: record({
      name: text,
      base64: optional((value) => typeof value === 'string'),
      paddedTo: optional(moment),
    }),
  }),
];

const EXPECTED = record({
  outcome: text,
  codes: listOf(text),
  because: optional((value) => Array.isArray(value)),
  checks: optional(record(Object.fromEntries(CHECK_NAMES.map((name) => [name, optional(text)])))),
});

const MEMBERS: Readonly<Record<string, Holds>> = {
  name: text,
  why: text,
  section: text,
  input: (value) => INPUT_FORMS.some((form) => form(value)),
  now: moment,
  at: optional(moment),
  event: optional(moment),
  allowUnanchored: optional(flag),
  rules: optional(text),
  challenge: optional(record({ nonce: text, audience: text })),
  trust: text,
  needsClock: optional(flag),
  expect: listOf(EXPECTED),
};
