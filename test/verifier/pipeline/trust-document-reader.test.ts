import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { StatusList } from '../../../credential/status-list.ts';
import { TRUST_DOCUMENT_VERSION } from '../../../verifier/pipeline/trust-document.ts';
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
  seen: {
    head: `0x${'cd'.repeat(32)}`,
    size: 9,
    block: { number: 12, hash: `0x${'ef'.repeat(32)}`, time: 7 },
  },
  successor: { chainId: '10', registry: `0x${'ab'.repeat(20)}` },
  issuers: [trustedIssuer({ formerStatusBases: ['https://old.example'] })],
  keys: [trustedKey(keys[0], { revocation: 'bits' }), trustedKey(keys[1], { revocation: 'rids' })],
  anchors: [bits.anchor, { ...rids.anchor, list: `0x${'ab'.repeat(32)}`, final: true }],
  lists: [bits.data, rids.data],
  venues: [
    { id: 1, did: 'did:web:arena.example', name: 'Arena', jurisdiction: 'US-NO', status: 'suspended' },
  ],
  rules: [
    {
      jurisdiction: 'US-NO',
      id: 'ENTRY',
      version: 1,
      validFrom: 5,
      digest: `0x${'12'.repeat(32)}`,
      uri: 'https://rules.example/entry',
    },
  ],
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
/** Where the empty text stands for nothing, and where null does. */
const EMPTY_IS_NONE: readonly unknown[] = ['statusBase', 'uri'];
const NULL_IS_NONE: readonly unknown[] = ['seen', 'successor', 'digest'];
const MAY_BE_EMPTY_LIST: readonly unknown[] = ['rids', 'formerStatusBases'];

function refuses(json: unknown, what: string): void {
  assert.throws(() => readTrustDocument(json), { code: 'DOCUMENT_MALFORMED' }, what);
}

test('a document is read as it was written, of a chain or of none', () => {
  assert.deepEqual(readTrustDocument(JSON.parse(JSON.stringify(document))), document);
  assert.deepEqual(readTrustDocument(JSON.parse(JSON.stringify(unanchored))), unanchored);
});

test('a value of another type in any place is DOCUMENT_MALFORMED', () => {
  assert.ok(PLACES.length > 100);
  for (const path of PLACES) {
    const name = path.at(-1);
    for (const wrong of [null, undefined, [], {}, 'x y', '', -1, 0.5, 2 ** 53, Number.NaN]) {
      if (wrong === '' && EMPTY_IS_NONE.includes(name)) continue;
      if (wrong === null && NULL_IS_NONE.includes(name)) continue;
      if (Array.isArray(wrong) && MAY_BE_EMPTY_LIST.includes(name)) continue;
      if (Array.isArray(wrong) && Array.isArray(document[path.join() as keyof typeof document])) continue;
      if (wrong === 'x y' && name === 'name') continue;
      // A number there is a version, only not this one.
      if (typeof wrong === 'number' && name === 'version' && path.length === 1) continue;
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
  ['a version that is a text', ['version'], '2'],
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
  ['a retired issuer without end', ['issuers', 0, 'status'], 'retired'],
  ['33 bits of attestations', ['issuers', 0, 'attestations'], 2 ** 32],
  ['a former status base that is none', ['issuers', 0, 'formerStatusBases', 0], ''],
  ['a successor whose chain id has a zero before it', ['successor', 'chainId'], '010'],
  ['a successor whose chain id is beyond 256 bits', ['successor', 'chainId'], '1'.repeat(79)],
  ['a successor at an address in capitals', ['successor', 'registry'], `0x${'AB'.repeat(20)}`],
  ['a venue whose DID is none', ['venues', 0, 'did'], 'https://arena.example'],
  ['a venue whose DID has a fragment', ['venues', 0, 'did'], 'did:web:arena.example#key'],
  ['a venue whose DID has 513 characters', ['venues', 0, 'did'], `did:web:${'x'.repeat(505)}`],
  ['a venue in a state of issuers', ['venues', 0, 'status'], 'retired'],
  ['rules under an id in lower case', ['rules', 0, 'id'], 'entry'],
  ['rules with the digest zero, which no text has', ['rules', 0, 'digest'], `0x${'00'.repeat(32)}`],
  ['rules at a place that is a script', ['rules', 0, 'uri'], 'javascript:alert(1)'],
  ['a name of 201 characters', ['issuers', 0, 'name'], 'x'.repeat(201)],
  ['a status that does not exist', ['issuers', 0, 'status'], 'blessed'],
  ['a jurisdiction in lower case', ['issuers', 0, 'jurisdiction'], 'us-no'],
  ['a state of a key that does not exist', ['keys', 0, 'state'], 'constructor'],
  ['a list in another base', ['lists', 0, 'compact'], 'zA=AA'],
  ['an entry of 65 characters in a list of rids', ['lists', 1, 'rids', 0], 'x'.repeat(65)],
  ['an anchor of a list without a name', ['anchors', 0, 'list'], '0x'],
];

for (const [what, path, value] of REFUSED) {
  test(`a document with ${what} is DOCUMENT_MALFORMED`, () => {
    refuses(withValue(path, value), what);
  });
}

for (const version of [1, 2, TRUST_DOCUMENT_VERSION + 1, 0, -1, 2.5]) {
  test(`version ${version} is DOCUMENT_OF_ANOTHER_VERSION, whatever else is in it`, () => {
    for (const json of [{ ...document, version }, { version }, { version, held: [] }]) {
      assert.throws(() => readTrustDocument(json), { code: 'DOCUMENT_OF_ANOTHER_VERSION' });
    }
  });
}

test('a retired issuer with an end, an ended rule set and no successor are read', () => {
  const read = readTrustDocument({
    ...document,
    successor: null,
    issuers: document.issuers.map((each) => ({ ...each, status: 'retired', accreditedUntil: 9 })),
    rules: document.rules.map((each) => ({ ...each, digest: null, uri: '' })),
  });
  assert.deepEqual(
    [read.successor, read.issuers[0]?.accreditedUntil, read.rules[0]?.digest],
    [null, 9, null],
  );
});

test('whatever JSON is read, nothing but a refusal of the document comes of it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...PLACES), (value, path) => {
      for (const json of [value, withValue(path, value)]) {
        try {
          readTrustDocument(json);
        } catch (error) {
          assert.match(String((error as { code?: unknown }).code), /^DOCUMENT_/);
        }
      }
    }),
  );
});

test('an issuer as the registry states it is read', () => {
  const issuers = [trustedIssuer({ iss: 'https://a.example:8443/x+y~z', statusBase: '', name: '紐約州 🏥' })];
  assert.deepEqual(readTrustDocument({ ...document, issuers, keys: [] }).issuers, issuers);
});
