import type { Trust } from '../trust.ts';
import { fullNames, publishedFile, unanchoredFile } from './published.ts';
import type { RulesFault } from '../decision.ts';
import type { InForce } from './published.ts';
import { readySet } from './ready-rules.ts';
import type { ReadySet } from './ready-rules.ts';
import { ruleFilesOf } from './rule-files.ts';
import type { RuleFile } from './rule-files.ts';

/** A set that is in force, or why there is none, with the name that it goes by. */
export interface HeldRules {
  /** In full where it is known, else as it was asked for. */
  readonly name: string;
  readonly ready: ReadySet | RulesFault;
}

/** An answer and for which moments it stands. */
interface Standing extends HeldRules {
  readonly from: number;
  readonly until: number;
}

/** More names than any venue uses. */
const MAX_REMEMBERED = 64;

/** Made ready once, not for every card; forgotten with the trust data that it rests on. */
const standing = new WeakMap<Trust, Map<string, Standing>>();

/**
 * The rule set of that name as of a moment.
 *
 * Under trust data from a chain, that is what its jurisdiction published, by digest. Under trust data without a chain,
 * that is what files are here, as all else is then.
 */
export function heldRules(asked: string, at: number, trust: Trust): HeldRules {
  const byName = standing.get(trust) ?? new Map<string, Standing>();
  standing.set(trust, byName);
  const known = byName.get(asked);
  if (known !== undefined && at >= known.from && at < known.until) return known;
  const found = standingOf(asked, at, trust);
  // Whoever may name rules may name any.
  if (byName.size >= MAX_REMEMBERED) byName.clear();
  byName.set(asked, found);
  return found;
}

function standingOf(asked: string, at: number, trust: Trust): Standing {
  const { document } = trust;
  const files = ruleFilesOf(document.ruleFiles);
  const isOfChain = document.source.kind === 'chain';
  const find = (name: string): InForce =>
    isOfChain ? publishedFile(name, at, document, files) : unanchoredFile(name, files);
  const names = isOfChain
    ? document.rules.map(({ jurisdiction, id }) => `${jurisdiction}/${id}`)
    : namesOf(files);
  const [name, ...others] = fullNames(asked, names);
  const { ready, boundaries } =
    name === undefined || others.length > 0
      ? {
          ready: name === undefined ? ('NOT_PUBLISHED' as const) : ('NAME_AMBIGUOUS' as const),
          boundaries: [],
        }
      : readySet(name, at, find);
  return {
    name: name === undefined || others.length > 0 ? asked : name,
    ready,
    from: Math.max(-Infinity, ...boundaries.filter((moment) => moment <= at)),
    until: Math.min(Infinity, ...boundaries.filter((moment) => moment > at)),
  };
}

function namesOf(files: readonly RuleFile[]): readonly string[] {
  return files.flatMap(({ name, content }) =>
    content?.format === 'pratique-rule-set-1' && name !== undefined ? name : [],
  );
}
