import fc from 'fast-check';
import { isJsonObject } from '../../credential/json.ts';

/** Characters that mean something to some parser, and some that none should meet. */
const CHARACTERS = [
  ...Array.from('"\\{}[]:,./#%~?=+-_ \n\t\r0159azAZeE'),
  '\u0000',
  '\u007f',
  'é',
  '\ufeff',
  '\u2028',
  '\ud800',
  '\udc00',
  '😀',
];

/** Where, what and how long an edit is; 2³¹ is far more than any input has places. */
interface Edit {
  readonly kind: number;
  readonly at: number;
  readonly what: number;
}

const edit: fc.Arbitrary<Edit> = fc
  .tuple(fc.nat(6), fc.nat(), fc.nat())
  .map(([kind, at, what]) => ({ kind, at, what }));

function mutated<T>(seeds: readonly T[], apply: (input: T, edit: Edit) => T): fc.Arbitrary<T> {
  const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
  return fc.tuple(fc.nat(), edits).map(([seed, list]) => {
    let input = pick(seeds, seed);
    for (const one of list) input = apply(input, one);
    return input;
  });
}

function pick<T>(items: readonly T[], place: number): T {
  const item = items[place % items.length];
  if (item === undefined) throw new Error('There is nothing to pick from.');
  return item;
}

/** Any text at all, halves of surrogate pairs among them. */
export const anyText: fc.Arbitrary<string> = fc.string({
  unit: fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code)),
});

/** Long enough that a parser whose time grows with the square takes seconds. */
const LONG_RUN = 40_000;

/** Texts of that kind with one character many times over somewhere. */
function stretchedText(seeds: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(fc.nat(), edit).map(([seed, { at, what }]) => {
    const text = pick(seeds, seed);
    const place = at % (text.length + 1);
    return text.slice(0, place) + pick(CHARACTERS, what).repeat(LONG_RUN) + text.slice(place);
  });
}

/** Texts of that kind with up to four edits, and now and then a very long one, or any text at all. */
export function mutatedText(...seeds: readonly string[]): fc.Arbitrary<string> {
  const apply = (text: string, { kind, at, what }: Edit): string => {
    const place = at % (text.length + 1);
    const [before, after] = [text.slice(0, place), text.slice(place)];
    const run = 1 + (what % 8);
    const character = pick(CHARACTERS, what);
    if (kind === 0) return before + character + after.slice(1);
    if (kind === 1) return before + character + after;
    if (kind === 2) return before + after.slice(run);
    if (kind === 3) return before + after.slice(0, run) + after;
    if (kind === 4) return before;
    if (kind === 5) return before + String.fromCharCode(what & 0xffff) + after.slice(1);
    const other = pick(seeds, what);
    return before + other.slice(at % (other.length + 1));
  };
  return fc.oneof(
    { weight: 189, arbitrary: mutated(seeds, apply) },
    { weight: 10, arbitrary: anyText },
    { weight: 1, arbitrary: stretchedText(seeds) },
  );
}

/** Bytes of that kind with up to four edits, and now and then any bytes at all. */
export function mutatedBytes(...seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const apply = (bytes: Uint8Array, { kind, at, what }: Edit): Uint8Array => {
    const place = at % (bytes.length + 1);
    const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
    const run = 1 + (what % 8);
    const byte = Uint8Array.of(what & 0xff);
    if (kind === 0) return joined(before, byte, after.subarray(1));
    if (kind === 1) return joined(before, byte, after);
    if (kind === 2) return joined(before, after.subarray(run));
    if (kind === 3) return joined(before, after.subarray(0, run), after);
    if (kind === 4) return before;
    if (kind === 5)
      return joined(before, Uint8Array.of((after[0] ?? 0) ^ (1 << (what & 7))), after.subarray(1));
    const other = pick(seeds, what);
    return joined(before, other.subarray(at % (other.length + 1)));
  };
  return fc.oneof(
    { weight: 19, arbitrary: mutated(seeds, apply) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
  );
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** Values that stand where others belong. */
const STRANGERS: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  1e21,
  2 ** 53,
  '',
  ' ',
  '0',
  'x',
  '\ud800',
  'https://issuer.example',
  'did:web:issuer.example',
  '2026-02-30',
  'a'.repeat(20_000),
  `https://a${'/ '.repeat(10_000)}`,
  [],
  [null],
  ['x', 'x'],
  {},
  JSON.parse('{"__proto__":{"a":1}}'),
  { constructor: 1, toString: 2, length: -1 },
];
const NAMES = ['id', 'type', 'kid', 'vc', 'd', 'x', 'kind', '__proto__', 'constructor', 'toString', ''];

/** JSON values of that kind with up to four edits, and now and then any JSON value at all. */
export function mutatedJson(...seeds: readonly unknown[]): fc.Arbitrary<unknown> {
  const apply = (json: unknown, { kind, at, what }: Edit): unknown =>
    changeNode(json, at % countNodes(json), (node) => {
      if (kind === 0) return pick(STRANGERS, what);
      if (kind === 1) return [node];
      if (kind === 2) return without(node, what);
      if (kind === 3) return withMember(node, pick(NAMES, what), pick(STRANGERS, what >> 4));
      if (kind === 4) return Array.isArray(node) ? (node as unknown[]).concat(node) : [node, node];
      if (kind === 5)
        return typeof node === 'string' ? node.slice(what % (node.length + 1)) : JSON.stringify(node);
      const other = pick(seeds, what);
      return nodeAt(other, what % countNodes(other));
    });
  return fc.oneof(
    { weight: 19, arbitrary: mutated(seeds, apply) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  );
}

function countNodes(json: unknown): number {
  let nodes = 1;
  if (typeof json === 'object' && json !== null)
    for (const item of Object.values(json)) nodes += countNodes(item);
  return nodes;
}

/** The node at that place, counted from the outside in. */
function nodeAt(json: unknown, place: number): unknown {
  let found: unknown;
  changeNode(json, place, (node) => (found = node));
  return found;
}

/** A copy in which the node at that place is another. */
function changeNode(json: unknown, place: number, change: (node: unknown) => unknown): unknown {
  let left = place;
  const visit = (node: unknown): unknown => {
    if (left-- === 0) return change(node);
    if (Array.isArray(node)) return node.map(visit);
    if (!isJsonObject(node)) return node;
    // Not by assignment, which `__proto__` would not survive.
    return Object.fromEntries(Object.entries(node).map(([name, item]) => [name, visit(item)]));
  };
  return visit(json);
}

function without(node: unknown, what: number): unknown {
  if (Array.isArray(node)) return node.toSpliced(what % (node.length + 1), 1);
  if (!isJsonObject(node)) return undefined;
  const members = Object.entries(node);
  return Object.fromEntries(members.toSpliced(what % (members.length + 1), 1));
}

function withMember(node: unknown, name: string, value: unknown): unknown {
  return isJsonObject(node) ? Object.fromEntries([...Object.entries(node), [name, value]]) : { [name]: node };
}

/** The text of what mutations made; nothing of what is no JSON any more. */
export function written(json: unknown): string {
  const text = JSON.stringify(json) as string | undefined;
  return text ?? '';
}
