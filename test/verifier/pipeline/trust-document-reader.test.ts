import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { StatusList } from '../../../credential/status-list.ts';
import { readTrustDocument } from '../../../verifier/pipeline/trust-document-reader.ts';
import {
  anchoredBits,
  anchoredRids,
  newKey,
  trustDocument,
  trustedIssuer,
  trustedKey,
} from '../../support/cards.ts';

const keys = [newKey(), newKey()] as const;
const bits = anchoredBits(keys[0], new StatusList(1));
const rids = anchoredRids(keys[1], ['abc', 'def.1700000000']);
const document = trustDocument({
  keys: [trustedKey(keys[0], { revocation: 'bits' }), trustedKey(keys[1], { revocation: 'rids' })],
  anchors: [bits.anchor, { ...rids.anchor, list: `0x${'ab'.repeat(32)}`, final: true }],
  lists: [bits.data, rids.data],
});
const unanchored = trustDocument({ source: { kind: 'unanchored', origin: 'a test' } });

/** A deep copy with one value put in place of what stands at the path. */
function withValue(path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(document) as unknown as Record<string, unknown>;
  const parents = path.slice(0, -1);
  const parent = parents.reduce<Record<string, unknown>>(
    (at, name) => at[name] as Record<string, unknown>,
    copy,
  );
  parent[path.at(-1) ?? ''] = value;
  return copy;
}

/** Every place of the document that holds something, objects and lists included. */
function placesOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const own = path.length === 0 ? [] : [path];
  if (typeof value !== 'object' || value === null) return own;
  const names = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [
    ...own,
    ...names.flatMap((name) => placesOf((value as Record<string, unknown>)[name], [...path, name])),
  ];
}

const PLACES = placesOf(document);

function refuses(json: unknown, what: string): void {
  assert.throws(() => readTrustDocument(json), { code: 'DOCUMENT_MALFORMED' }, what);
}

test('a document is read as it was written, of a chain or of none', () => {
  assert.deepEqual(readTrustDocument(JSON.parse(JSON.stringify(document))), document);
  assert.deepEqual(readTrustDocument(JSON.parse(JSON.stringify(unanchored))), unanchored);
});

test('a value of another type in any place is DOCUMENT_MALFORMED', () => {
  assert.ok(PLACES.length > 80);
  for (const path of PLACES) {
    for (const wrong of [null, undefined, [], {}, 'x y', '', -1, 0.5, 2 ** 53, Number.NaN]) {
      // An empty text is a good statusBase, an empty list a good list.
      if (wrong === '' && path.at(-1) === 'statusBase') continue;
      if (Array.isArray(wrong) && (path.length === 1 || path.at(-1) === 'rids')) continue;
      if (wrong === 'x y' && path.at(-1) === 'name') continue;
      refuses(withValue(path, wrong), `${path.join('.')} = ${JSON.stringify(wrong)}`);
    }
  }
});

test('a missing member or one more, in any object, is DOCUMENT_MALFORMED', () => {
  for (const path of PLACES) {
    const name = path.at(-1);
    if (typeof name !== 'string') continue;
    const copy = structuredClone(document) as unknown as Record<string, unknown>;
    const parent = path
      .slice(0, -1)
      .reduce<Record<string, unknown>>((at, step) => at[step] as Record<string, unknown>, copy);
    const before = parent[name];
    Reflect.deleteProperty(parent, name);
    refuses(copy, `${path.join('.')} missing`);
    parent[`${name}2`] = before;
    refuses(copy, `${path.join('.')} under another name`);
    parent[name] = before;
    refuses(copy, `a member beside ${path.join('.')}`);
  }
});

const REFUSED: readonly (readonly [string, readonly (string | number)[], unknown])[] = [
  ['another version', ['version'], 2],
  ['a kid of 42 characters', ['keys', 0, 'kid'], keys[0].kid.slice(1)],
  ['a kid in base64', ['keys', 0, 'kid'], `${keys[0].kid.slice(1)}+`],
  ['a kid with a line break behind it', ['keys', 0, 'kid'], `${keys[0].kid}\n`],
  ['a coordinate of 33 bytes', ['keys', 0, 'x'], Buffer.alloc(33).toString('base64url')],
  ['a coordinate that is not canonical', ['keys', 0, 'x'], `${keys[0].x.slice(0, -1)}B`],
  ['a head in capitals', ['source', 'head'], `0x${'AB'.repeat(32)}`],
  ['a registry in mixed case', ['source', 'registry'], '0x5FbDB2315678afecb367f032d93F642f64180aa3'],
  ['a source of another kind', ['source', 'kind'], 'hearsay'],
  ['an iss over http', ['issuers', 0, 'iss'], 'http://issuer.example/pratique'],
  ['an iss with a trailing slash', ['issuers', 0, 'iss'], 'https://issuer.example/pratique/'],
  ["another issuer's DID", ['issuers', 0, 'did'], 'did:web:other.example'],
  ['a status base that is a script', ['issuers', 0, 'statusBase'], 'javascript:alert(1)'],
  ['a name of 201 characters', ['issuers', 0, 'name'], 'x'.repeat(201)],
  ['a status that does not exist', ['issuers', 0, 'status'], 'blessed'],
  ['a jurisdiction in lower case', ['issuers', 0, 'jurisdiction'], 'us-no'],
  ['a state of a key that does not exist', ['keys', 0, 'state'], 'constructor'],
  ['an encoded list in another base', ['lists', 0, 'encodedList'], 'zAAAA'],
  ['an entry of 65 characters in a list of rids', ['lists', 1, 'rids', 0], 'x'.repeat(65)],
  ['an anchor of a list without a name', ['anchors', 0, 'list'], '0x'],
];

for (const [what, path, value] of REFUSED) {
  test(`a document with ${what} is DOCUMENT_MALFORMED`, () => {
    refuses(withValue(path, value), what);
  });
}

test('whatever JSON is read, nothing but DOCUMENT_MALFORMED comes of it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...PLACES), (value, path) => {
      for (const json of [value, withValue(path, value)]) {
        try {
          readTrustDocument(json);
        } catch (error) {
          assert.equal((error as { code?: unknown }).code, 'DOCUMENT_MALFORMED');
        }
      }
    }),
  );
});

test('an issuer as the registry states it is read', () => {
  const issuers = [trustedIssuer({ iss: 'https://a.example:8443/x+y~z', statusBase: '', name: '紐約州 🏥' })];
  assert.deepEqual(readTrustDocument({ ...document, issuers, keys: [] }).issuers, issuers);
});
