import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8, isJsonObject, parseJson } from '../../credential/json.ts';
import { ShapeError } from '../../credential/strict-reader.ts';
import type { ValueSet } from '../../credential/value-set.ts';
import { digestOf } from '../../verifier/node/published-files.ts';
import { readRulesContent } from '../../verifier/pipeline/rules/rule-files.ts';
import type { RuleSet } from '../../verifier/pipeline/rules/rule-set.ts';
import { MAX_RULE_FILE_BYTES } from '../../verifier/pipeline/trust-document.ts';
import { UsageError } from '../exit.ts';

/** A file to be published. */
export interface RulesDocument {
  /** SHA-256 of its bytes, 0x-hex. */
  readonly digest: string;
  /** Undefined of a file of another format, of which nothing but the digest is known. */
  readonly content: RuleSet | ValueSet | undefined;
}

/** Ours, of whatever version: one that this program does not read is not published by it unread. */
const OUR_FORMATS = /^pratique-(?:rule|value)-set-/;

/**
 * What a file is that somebody means to publish.
 *
 * @throws UsageError if it says that it is a rule set or value set and is not a sound one: no venue could use it, and
 * what is published stays published
 */
export function readRulesDocument(bytes: Uint8Array): RulesDocument {
  const digest = digestOf(bytes);
  const json = jsonIn(bytes);
  if (json === undefined) return { digest, content: undefined };
  // Of a marked file every venue would hold the bytes, and read none of them.
  if (isMarked(bytes)) throw new UsageError('The file begins with a byte order mark: save it without.');
  if (bytes.length > MAX_RULE_FILE_BYTES) {
    throw new UsageError('The file is larger than 1 MB, which no venue holds of a rule set.');
  }
  try {
    return { digest, content: readRulesContent(json) };
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new UsageError(`The file says that it is a ${String(json['format'])}, and holds ${error.message}.`);
  }
}

/** The JSON of a file that says that it is a rule set or value set. */
function jsonIn(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const json = parseJson(decodeUtf8(isMarked(bytes) ? bytes.subarray(3) : bytes));
    if (!isJsonObject(json)) return undefined;
    const { format } = json;
    return typeof format === 'string' && OUR_FORMATS.test(format) ? json : undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Whether UTF-8 begins with U+FEFF. */
function isMarked(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** Each number of a semantic version has five digits at most, so that they stand side by side below 2^53. */
const PLACE = 100_000;

/**
 * The registry's number of a semantic version: it rises as that does, so the contract itself refuses a version that does
 * not. 1.2.3 is 10000200003.
 */
export function registryVersionOf(semver: string): number {
  return semver.split('.').reduce((number, part) => number * PLACE + Number(part), 0);
}
