import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { FormatError } from '../../../credential/errors.ts';
import { isJsonObject, parseJson } from '../../../credential/json.ts';
import { ShapeError } from '../../../credential/strict-reader.ts';
import { readValueSet } from '../../../credential/value-set.ts';
import type { ValueSet } from '../../../credential/value-set.ts';
import type { TrustDocument } from '../trust-document.ts';
import { readRuleSet } from './rule-set-reader.ts';
import type { RuleSet } from './rule-set.ts';

/** One file that a jurisdiction may publish: what it is, by its content alone. */
export interface RuleFile {
  /** SHA-256 of its bytes, 0x-hex: by this alone the registry knows it. */
  readonly digest: string;
  readonly text: string;
  /** JURISDICTION/ID as it says itself; undefined of a file that does not. */
  readonly name: string | undefined;
  /** Undefined of a file that is no sound document of either kind. */
  readonly content: RuleSet | ValueSet | undefined;
}

/** Reads one file; whatever it holds, nothing is thrown, since nobody has vouched for it yet. */
function readRuleFile(text: string): RuleFile {
  const digest = `0x${bytesToHex(sha256(utf8ToBytes(text)))}`;
  try {
    const json = parseJson(text);
    return { digest, text, name: nameIn(json), content: contentOf(json) };
  } catch (error) {
    if (error instanceof FormatError) return { digest, text, name: undefined, content: undefined };
    throw error;
  }
}

function contentOf(json: unknown): RuleSet | ValueSet | undefined {
  try {
    return readRulesContent(json);
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}

/**
 * Reads a rule set or a value set from its JSON, whichever it says that it is.
 *
 * @throws ShapeError if it is neither
 */
export function readRulesContent(json: unknown): RuleSet | ValueSet {
  const format = isJsonObject(json) ? json['format'] : undefined;
  const isValueSet = typeof format === 'string' && format.startsWith('pratique-value-set-');
  return isValueSet ? readValueSet(json) : readRuleSet(json);
}

function nameIn(json: unknown): string | undefined {
  if (!isJsonObject(json)) return undefined;
  const { jurisdiction, id } = json;
  return typeof jurisdiction === 'string' && typeof id === 'string' ? `${jurisdiction}/${id}` : undefined;
}

/** Files that were read, once per list of them. */
const read = new WeakMap<readonly string[], readonly RuleFile[]>();
/** Those of the last list: after a sync most texts are the same in a new list. */
let lastRead: readonly RuleFile[] = [];

/** The files of a list; a list that is asked for again is not read again. */
export function ruleFilesOf(texts: readonly string[]): readonly RuleFile[] {
  const known = read.get(texts);
  if (known !== undefined) return known;
  const before = new Map(lastRead.map((file) => [file.text, file]));
  const files = texts.map((text) => before.get(text) ?? readRuleFile(text));
  read.set(texts, files);
  lastRead = files;
  return files;
}

/**
 * Trust data with those of the files that may count in it: of data from a chain the ones whose names are published, the
 * digest being asked later; of other data all of them.
 */
export function withRuleFiles(document: TrustDocument, texts: readonly string[]): TrustDocument {
  const published = new Set(document.rules.map(({ jurisdiction, id }) => `${jurisdiction}/${id}`));
  const may = ({ name }: RuleFile): boolean =>
    document.source.kind === 'unanchored' || (name !== undefined && published.has(name));
  const added = ruleFilesOf(texts).flatMap((file) => (may(file) ? file.text : []));
  return added.length === 0
    ? document
    : { ...document, ruleFiles: [...new Set([...document.ruleFiles, ...added])] };
}
