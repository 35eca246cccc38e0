import { createHash } from 'node:crypto';
import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8 } from '../../credential/json.ts';
import { ruleSetsAt } from '../pipeline/published-rules.ts';
import { ruleFilesOf } from '../pipeline/rules/rule-files.ts';
import { MAX_RULE_FILE_BYTES } from '../pipeline/trust-document.ts';
import type { PublishedRules } from '../pipeline/trust-document.ts';

/** A file of a rule set or value set, under the name to speak of it. */
export interface RuleSource {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Why a file was not held; a closed list. */
export type RuleFileRefusal =
  /** Not UTF-8, larger than a rule set, or no rule set and no value set. */
  | 'MALFORMED'
  /** No version that any jurisdiction published has its digest. */
  | 'NOT_PUBLISHED'
  /** More is published than a venue holds. */
  | 'NO_ROOM';

/** A file that was not held. */
export interface RefusedRuleFile {
  readonly file: string;
  /** SHA-256 of its bytes, 0x-hex: what the registry would have to say. */
  readonly digest: string;
  readonly reason: RuleFileRefusal;
}

/** The texts that are published, and the files refused. */
export interface HeldRuleFiles {
  readonly texts: readonly string[];
  readonly refused: readonly RefusedRuleFile[];
}

/** Several hundred rule sets: a bound on what hostile publishers make every venue hold and every bundle carry. */
export const MAX_RULE_FILES_BYTES = 8 * 1024 * 1024;

/**
 * Hold the files whose digests stand in the registry, in any version: an earlier one was in force once, and is asked for
 * by who judges as of then. In the order of the registry and each once, so that what is held does not tell where it came
 * from.
 *
 * @param texts what is at hand besides: held before, or come with the program; of these none is refused
 * @param now Unix seconds; where there is no room for all, what is in force or to come is held first, then what is small
 */
export function holdRuleFiles(
  rules: readonly PublishedRules[],
  { sources, texts }: { readonly sources: readonly RuleSource[]; readonly texts: readonly string[] },
  now: number,
): HeldRuleFiles {
  const published = new Set(rules.map(({ digest }) => digest));
  const found = new Map<string, string>();
  for (const text of texts) {
    const digest = digestOf(Buffer.from(text));
    if (published.has(digest)) found.set(digest, text);
  }
  const refused: RefusedRuleFile[] = [];
  for (const { name: file, bytes } of sources) {
    const digest = digestOf(bytes);
    const text = textOf(bytes);
    if (text !== undefined && published.has(digest)) found.set(digest, text);
    else refused.push({ file, digest, reason: isDocument(text) ? 'NOT_PUBLISHED' : 'MALFORMED' });
  }
  const kept = withinRoom(found, new Set(currentVersions(rules, now).map(({ digest }) => digest)));
  for (const { name: file, bytes } of sources) {
    const digest = digestOf(bytes);
    if (found.has(digest) && !kept.has(digest)) refused.push({ file, digest, reason: 'NO_ROOM' });
  }
  return { texts: [...published].flatMap((digest) => kept.get(digest ?? '') ?? []), refused };
}

/** What is in force or to come, in the order of the registry; an end is a version without digest. */
export function currentVersions(rules: readonly PublishedRules[], now: number): readonly PublishedRules[] {
  return ruleSetsAt(rules, now).flatMap(({ inForce, toCome }) => [
    ...(inForce === undefined ? [] : [inForce]),
    ...toCome,
  ]);
}

/** SHA-256 of a file's bytes, 0x-hex, as the registry has it. */
export function digestOf(bytes: Uint8Array): string {
  return `0x${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The text that has exactly these bytes, a byte order mark among them; undefined of what is no text, or too large. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_RULE_FILE_BYTES) return undefined;
  try {
    return decodeUtf8(bytes);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function isDocument(text: string | undefined): boolean {
  return text !== undefined && ruleFilesOf([text])[0]?.content !== undefined;
}

function withinRoom(
  found: ReadonlyMap<string, string>,
  current: ReadonlySet<string | null>,
): ReadonlyMap<string, string> {
  const kept = new Map<string, string>();
  let room = MAX_RULE_FILES_BYTES;
  const sized = [...found].map(([digest, text]) => ({ digest, text, size: Buffer.byteLength(text) }));
  const rank = ({ digest, size }: (typeof sized)[number]): number =>
    (current.has(digest) ? 0 : MAX_RULE_FILES_BYTES) + size;
  for (const { digest, text, size } of sized.toSorted((one, other) => rank(one) - rank(other))) {
    if (size > room) continue;
    room -= size;
    kept.set(digest, text);
  }
  return kept;
}
