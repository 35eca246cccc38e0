import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  entries,
  flag,
  list,
  objectOf,
  oneOf,
  oneOfKind,
  orNull,
  record,
  ShapeError,
  text,
  whole,
} from '../../credential/strict-reader.ts';
import type { Read } from '../../credential/strict-reader.ts';

/** What every object has by birth. */
const BY_BIRTH = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__'];

function refuses(read: Read<unknown>, ...values: readonly unknown[]): void {
  for (const value of values) assert.throws(() => read(value), ShapeError, String(value));
}

test('a record has its members, each read, and no other', () => {
  const read = record<{ name: string; age: number }>({ name: text(/^/, 10), age: whole });
  assert.deepEqual(read({ age: 3, name: 'Nora' }), { name: 'Nora', age: 3 });
  refuses(read, {}, { name: 'Nora' }, { name: 'Nora', age: 3, born: 1980 }, { name: 'Nora', born: 3 });
  refuses(read, { name: 'Nora', age: undefined }, { name: 'Nora', age: '3' }, null, [], 'Nora', 3);
});

test('what every object has by birth is no member of a record', () => {
  const json = JSON.parse('{"__proto__":{"name":"Nora","age":3},"age":3}') as unknown;
  refuses(record<{ name: string; age: number }>({ name: text(/^/, 10), age: whole }), json);
  for (const name of BY_BIRTH) {
    refuses(record<Record<string, unknown>>({ [name]: (value) => value }), {}, { other: {} });
  }
});

test('a kind that is none is refused, even one that every object has by birth', () => {
  interface Circle {
    readonly kind: 'circle';
    readonly radius: number;
  }
  const read = oneOfKind<Circle>({ circle: record<Circle>({ kind: oneOf('circle'), radius: whole }) });
  assert.deepEqual(read({ kind: 'circle', radius: 2 }), { kind: 'circle', radius: 2 });
  refuses(read, { radius: 2 }, { kind: 'square', radius: 2 }, { kind: 7 }, { kind: ['circle'], radius: 2 });
  refuses(read, ...BY_BIRTH.map((kind) => ({ kind, radius: 2 })));
});

test('entries are a map, in their order, of names that are read as well', () => {
  const read = entries(text(/^[a-z]+$/, 3), whole);
  assert.deepEqual([...read({ b: 1, a: 2 })], [['b', 1], ['a', 2]]); // prettier-ignore
  assert.equal(read({}).size, 0);
  refuses(read, { B: 1 }, { abcd: 1 }, { a: -1 }, { '': 1 }, [1], null, JSON.parse('{"__proto__":1}'));
});

test('an object is neither null nor a list', () => {
  assert.deepEqual(objectOf({ a: 1 }), { a: 1 });
  refuses(objectOf, null, [], 'a', 1, true, undefined);
});

test('a list holds such items, as many as it must', () => {
  assert.deepEqual(list(whole)([1, 2]), [1, 2]);
  assert.deepEqual(list(whole)([]), []);
  refuses(list(whole), [1, '2'], { 0: 1, length: 1 }, null, 'ab');
  refuses(list(whole, 2), [1]);
});

test('null stands for nothing only where it may', () => {
  assert.equal(orNull(whole)(null), null);
  assert.equal(orNull(whole)(4), 4);
  refuses(orNull(whole), undefined, '', false);
  refuses(whole, null);
});

test('a word is one of its table, of its own type', () => {
  const read = oneOf<'one' | 2>('one', 2);
  assert.deepEqual([read('one'), read(2)], ['one', 2]);
  refuses(read, 'two', '2', 1, 'One', null, ['one']);
});

test('a text has its form and length', () => {
  const read = text(/^[a-z]*$/, 3);
  assert.equal(read('abc'), 'abc');
  refuses(read, 'abcd', 'ab1', 'ab\n', 5, null, ['abc']);
});

test('yes and no are booleans and nothing else', () => {
  assert.deepEqual([flag(true), flag(false)], [true, false]);
  refuses(flag, 0, 1, 'true', null);
});

test('a whole number is one from 0 that a double holds exactly', () => {
  assert.deepEqual([whole(0), whole(2 ** 53 - 1)], [0, 2 ** 53 - 1]);
  refuses(whole, -1, 1.5, 2 ** 53, NaN, Infinity, '1', null, 1n);
});

const word = text(/^[a-z]+$/, 8);
const nested: Read<unknown> = record<{ a: unknown; b: unknown }>({
  a: list(record<{ n: number }>({ n: whole })),
  b: entries(word, whole),
});

/** Where the reader found something else than it takes. */
function pathOf(value: unknown): readonly (string | number)[] {
  try {
    nested(value);
  } catch (error) {
    if (error instanceof ShapeError) return error.path;
    throw error;
  }
  assert.fail('nothing was refused');
}

test('what is refused says where it stands, from the outside in', () => {
  assert.deepEqual(nested({ a: [{ n: 1 }], b: {} }), { a: [{ n: 1 }], b: new Map() });
  assert.deepEqual(pathOf({ a: [{ n: 1 }, { n: -1 }], b: {} }), ['a', 1, 'n']);
  assert.deepEqual(pathOf({ a: [], b: { one: 1, two: '2' } }), ['b', 'two']);
  assert.deepEqual(pathOf({ a: [], b: { One: 1 } }), ['b', 'One']);
  assert.deepEqual(pathOf({ a: {}, b: {} }), ['a']);
  assert.deepEqual(pathOf(7), []);
});

test('of members that are not the ones needed the first that is unknown is named, else the first that is missing', () => {
  assert.deepEqual(pathOf({ a: [], b: {}, c: 1 }), ['c']);
  assert.deepEqual(pathOf({ a: [{}], b: {} }), ['a', 0, 'n']);
  assert.deepEqual(pathOf({ a: [], c: {} }), ['c']);
  assert.deepEqual(pathOf({ a: [{ m: 1 }], b: {} }), ['a', 0, 'm']);
});
