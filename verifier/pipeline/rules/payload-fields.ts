import { ATTESTATIONS } from '../../../contracts/attestation.ts';

/** Names that exist, and below each the names that exist there. */
interface Tree {
  readonly [name: string]: Tree;
}

const LEAF: Tree = {};
const leaves = (...names: readonly string[]): Tree => Object.fromEntries(names.map((name) => [name, LEAF]));

const RESULT = leaves('date', 'daysSince', 'hoursSince', 'positiveSince');
const EVENT_RESULT = leaves('date', 'hoursBefore', 'positiveSince');
const TEST_KIND: Tree = {
  negative: RESULT,
  timedNegative: RESULT,
  positive: RESULT,
  negativeBeforeEvent: EVENT_RESULT,
};
/** What is null where there is none. Anything else with names below it is always there, so to ask for it asks nothing. */
const MAY_BE_NULL: ReadonlySet<Tree> = new Set([RESULT, EVENT_RESULT]);

/** Fields of what a list of the payload holds, for the `current` of a `reduce`. */
const ITEMS: Readonly<Record<string, Tree>> = {
  'payload.doses': leaves('date', 'daysSince', 'product', 'dosesInSeries'),
  'payload.results': {
    ...leaves('date', 'daysSince', 'hoursSince', 'result'),
    // The kinds themselves are the value set's.
    kinds: LEAF,
  },
};

const PAYLOAD: Tree = {
  ...leaves('form', 'profile', 'passType', 'birthDate', 'age', 'doses', 'results'),
  issued: leaves('date', 'daysSince', 'hoursSince'),
  issuer: { jurisdiction: LEAF, attested: leaves(...ATTESTATIONS) },
  vaccination: leaves(
    'doses',
    'needed',
    'completed',
    'daysSinceCompleted',
    'product',
    'boosters',
    'last',
    'daysSinceLast',
    'next',
  ),
  unread: leaves('doses', 'tests'),
};

/** What a value set adds to the names that exist. */
export interface ValueSetNames {
  readonly numbers: ReadonlySet<string>;
  readonly testKinds: ReadonlySet<string>;
}

/** Whether a path outside of every `reduce` leads to something that a rule is given. */
export function isField(path: string, { numbers, testKinds }: ValueSetNames): boolean {
  const [root, ...names] = path.split('.');
  if (root === 'external') {
    const [member, name, ...rest] = names;
    if (member === 'numbers') return name !== undefined && rest.length === 0 && numbers.has(name);
    return name === undefined && (member === 'validationClock' || member === 'today' || member === 'event');
  }
  if (root !== 'payload') return false;
  const tests = Object.fromEntries([...testKinds].map((kind) => [kind, TEST_KIND]));
  return names.length > 0 && leadsSomewhere({ ...PAYLOAD, tests }, names);
}

/** Whether a path within a `reduce` over that list leads to something: its own accumulator, or a field of an item. */
export function isItemField(path: string, list: string, { testKinds }: ValueSetNames): boolean {
  const [root, ...names] = path.split('.');
  if (root === 'accumulator') return true;
  const item = Object.hasOwn(ITEMS, list) ? ITEMS[list] : undefined;
  if (root !== 'current' || item === undefined) return false;
  const kinds = leaves(...testKinds);
  return names.length === 0 || leadsSomewhere('kinds' in item ? { ...item, kinds } : item, names);
}

/** Whether a rule that looks there asks about the event. */
export function isAboutEvent(path: string): boolean {
  return path === 'external.event' || path.split('.').includes('negativeBeforeEvent');
}

function leadsSomewhere(tree: Tree, [name, ...names]: readonly string[]): boolean {
  if (name === undefined) return tree === LEAF || MAY_BE_NULL.has(tree);
  // What every object has by birth, such as `constructor`, is no field.
  const below = Object.hasOwn(tree, name) ? tree[name] : undefined;
  return below !== undefined && leadsSomewhere(below, names);
}
