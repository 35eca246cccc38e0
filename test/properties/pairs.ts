import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeBase64url, encodeBase64url } from '../../credential/base64url.ts';
import { dateTimeFromSeconds, secondsFromDateTime } from '../../credential/date-time.ts';
import { encodeDeepLink, parseDeepLink } from '../../credential/deep-link.ts';
import { inflateRawNode } from '../../credential/deflate-node.ts';
import { deflateRaw, inflateRaw } from '../../credential/deflate.ts';
import { didJwkFromKey, keyFromDidJwk } from '../../credential/did-jwk.ts';
import { didWebFromIss, issFromDidWeb } from '../../credential/did-web.ts';
import { decodeStatusList, encodeStatusList } from '../../credential/encoded-list.ts';
import {
  encodeCardPayload,
  HEALTH_CARD_TYPE,
  parseCardPayload,
  type HealthCard,
  type Pass,
} from '../../credential/health-card.ts';
import { ordinalOfIndex, permuteIndex } from '../../credential/index-permutation.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { encodeCompactJws, encodeSigningInput, parseCompactJws } from '../../credential/jws.ts';
import { loadQrWasm } from '../../credential/qr-reader-node.ts';
import { readQrCodes } from '../../credential/qr-reader.ts';
import { renderQrPng } from '../../credential/qr.ts';
import { encodeCardUri, joinChunks, parseCardUri } from '../../credential/shc-uri.ts';
import { encodeCardFile, parseCardFile } from '../../credential/smart-health-card-file.ts';
import { BLOCK_BITS, indexFromRid, ridFromIndex, StatusList } from '../../credential/status-list.ts';
import { isWord } from '../../credential/subject.ts';
import { cardFromVc, vcFromCard } from '../../credential/verifiable-credential.ts';
import { openBundle, signBundle } from '../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../verifier/node/exporter-key.ts';
import { STATUS_BASE } from '../support/cards.ts';
import { anyText } from './mutations.ts';
import { holds, type Property } from './run.ts';
import * as seeds from './seeds.ts';

const bytes = fc.uint8Array({ maxLength: 400 });
const coordinate = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(encodeBase64url);
const jwsText = fc.tuple(bytes, bytes, bytes).map((parts) => parts.map(encodeBase64url).join('.'));
const scheme = fc.constantFrom('shc' as const, 'pratique' as const);
const seconds = fc.oneof(
  fc.nat({ max: 2_000_000_000 }),
  fc.double({ min: 1e-6, max: 1e11, noNaN: true }).filter((value) => !String(value).includes('e')),
);
const host = fc.stringMatching(/^[a-z0-9-]{1,20}(\.[a-z]{2,6}){1,2}$/);
const segment = fc.stringMatching(/^[A-Za-z0-9_+~-][A-Za-z0-9._+~-]{0,10}$/);
/** Never 443, which an iss says by leaving it out. */
const port = fc.option(
  fc.integer({ min: 1, max: 65_535 }).filter((number) => number !== 443),
  { nil: undefined },
);
const iss = fc
  .tuple(host, port, fc.array(segment, { maxLength: 3 }))
  .map(([name, number, path]) =>
    ['https://', name, number === undefined ? '' : `:${number}`, ...path.map((part) => `/${part}`)].join(''),
  );
/** Not of hidden characters alone, which make no name. */
const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter(isWord);
const rid = fc.nat({ max: 2 ** 31 - 1 }).map(ridFromIndex);
const day = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((moment) => moment.toISOString().slice(0, 10));

const pass: fc.Arbitrary<Pass> = fc.record({
  profile: fc.constant('pass' as const),
  iss,
  nbf: seconds,
  exp: seconds,
  rid,
  holder: fc.option(fc.constant(seeds.didJwk), { nil: undefined }),
  name: fc.record({ family: word, given: fc.array(word, { maxLength: 3 }) }),
  birthDate: day,
  passType: fc.constantFrom('vaccination', 'pcr', 'antigen'),
});

const healthCard: fc.Arbitrary<HealthCard> = fc.record({
  profile: fc.constant('pass-plus' as const),
  iss,
  nbf: seconds,
  exp: fc.option(seconds, { nil: undefined }),
  rid: fc.option(rid, { nil: undefined }),
  types: fc.constant([HEALTH_CARD_TYPE]),
  fhirVersion: fc.constant('4.0.1'),
  fhirBundle: fc.record({
    resourceType: fc.constant('Bundle' as const),
    type: fc.constant('collection'),
    entry: fc.array(
      fc.record({
        fullUrl: fc.nat({ max: 9 }).map((place) => `resource:${place}`),
        resource: fc.record({ resourceType: word, birthDate: day, display: word }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  }),
});
const card = fc.oneof(pass, healthCard);

/** Without what JSON cannot say: prototypes, members that are undefined, −0. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** What is written reads back the same. */
export const PAIRS: readonly Property[] = [
  holds(
    'base64url',
    fc.property(bytes, (value) => assert.deepEqual(decodeBase64url(encodeBase64url(value)), value)),
  ),
  holds(
    'JSON',
    fc.property(fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 5 }), (value) => {
      assert.deepEqual(parseJson(JSON.stringify(value)), JSON.parse(JSON.stringify(value)));
    }),
  ),
  holds(
    'UTF-8',
    fc.property(anyText, (text) => {
      fc.pre(text.isWellFormed());
      assert.equal(decodeUtf8(new TextEncoder().encode(text)), text);
    }),
  ),
  holds(
    'compact JWS',
    fc.property(bytes, fc.uint8Array({ minLength: 64, maxLength: 64 }), word, (payload, signature, kid) => {
      const input = encodeSigningInput({ alg: 'ES256', zip: 'DEF', kid }, payload);
      const text = encodeCompactJws(input, signature);
      const read = parseCompactJws(text);
      assert.deepEqual(read.header, { alg: 'ES256', zip: 'DEF', kid });
      assert.deepEqual([read.payload, read.signature], [payload, signature]);
      assert.equal(text, `${new TextDecoder().decode(read.signingInput)}.${encodeBase64url(signature)}`);
    }),
  ),
  holds(
    'QR text',
    fc.property(jwsText, scheme, (text, name) => {
      assert.deepEqual(parseCardUri(encodeCardUri(text, name)), { scheme: name, chunk: undefined, text });
    }),
  ),
  holds(
    'chunks in any order',
    fc.property(fc.array(jwsText, { minLength: 1, maxLength: 9 }), fc.nat(), (parts, turn) => {
      const total = parts.length;
      const read = parts.map((text, place) =>
        parseCardUri(encodeCardUri(text, 'shc').replace('shc:/', `shc:/${place + 1}/${total}/`)),
      );
      const from = turn % total;
      assert.equal(joinChunks([...read.slice(from), ...read.slice(0, from)]), parts.join(''));
    }),
  ),
  holds(
    'DEFLATE',
    fc.property(
      fc.oneof(
        bytes,
        word.map((text) => new TextEncoder().encode(text.repeat(200))),
      ),
      (value) => {
        const raw = deflateRaw(value);
        assert.deepEqual(inflateRaw(raw, value.length + 1), value);
        assert.deepEqual(new Uint8Array(inflateRawNode(raw, value.length + 1)), value);
      },
    ),
    // Compressed once and inflated twice; a million streams are inflated as a parser.
    4,
  ),
  holds(
    'did:web',
    fc.property(iss, (value) => assert.equal(issFromDidWeb(didWebFromIss(value)), value)),
  ),
  holds(
    'did:jwk',
    fc.property(coordinate, coordinate, (x, y) =>
      assert.deepEqual(keyFromDidJwk(didJwkFromKey({ x, y })), { x, y }),
    ),
  ),
  holds(
    'date and time',
    fc.property(seconds, (value) => assert.equal(secondsFromDateTime(dateTimeFromSeconds(value)), value)),
  ),
  holds(
    'rid and index',
    fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.boolean(), (low, high) => {
      const index = low + (high ? 2 ** 31 : 0);
      assert.equal(indexFromRid(ridFromIndex(index)), index);
    }),
  ),
  holds(
    'index and its ordinal',
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.nat({ max: 2 ** 24 }),
      (secret, ordinal) => {
        assert.equal(ordinalOfIndex(secret, permuteIndex(secret, ordinal)), ordinal);
      },
    ),
    // Two dozen HMACs each.
    10,
  ),
  holds(
    'payload of a card',
    fc.property(card, (value) => {
      const read = parseCardPayload(parseJson(decodeUtf8(encodeCardPayload(value))));
      assert.deepEqual(plain(read), plain(value));
    }),
  ),
  holds(
    'card and VC',
    fc.property(card, (value) => {
      const issuer = { did: didWebFromIss(value.iss), statusBase: STATUS_BASE, kid: seeds.key.kid };
      assert.deepEqual(plain(cardFromVc(vcFromCard(value, issuer))), plain(value));
    }),
  ),
  holds(
    'card file and deep link',
    fc.property(fc.array(jwsText, { minLength: 1, maxLength: 3 }), (cards) => {
      assert.deepEqual(parseCardFile(encodeCardFile(cards)), cards);
      assert.deepEqual(parseDeepLink(encodeDeepLink(cards, 'https://wallet.example/')), cards);
    }),
  ),
  holds(
    'encoded status list',
    fc.property(fc.uniqueArray(fc.nat({ max: BLOCK_BITS - 1 }), { maxLength: 50 }), (indices) => {
      const list = new StatusList(1);
      for (const index of indices) list.set(index, true);
      assert.deepEqual(decodeStatusList(encodeStatusList(list), BLOCK_BITS).bytes(), list.bytes());
    }),
    // Two milliseconds each, gzip both ways; a million texts of it are read as a parser.
    20,
  ),
  holds(
    'trust bundle',
    fc.asyncProperty(fc.nat({ max: 2 ** 31 - 1 }), word, async (takenAt, name) => {
      const jurisdictions = [{ code: 'US-NO', name, suspended: false }];
      const document = { ...seeds.document, takenAt, jurisdictions };
      const exporter = oneTimeExporterKey();
      assert.deepEqual(await openBundle(signBundle(document, exporter), { exporter: exporter.kid }), {
        document,
        exporterKid: exporter.kid,
        exporterKey: { x: exporter.x, y: exporter.y },
        pinned: true,
        anchored: document.source.kind === 'chain',
      });
    }),
    // A new key and two signatures each; a million bundles are opened as a parser.
    20,
  ),
  holds(
    'QR code in a picture',
    fc.asyncProperty(
      jwsText.filter((text) => text.length < 1100),
      scheme,
      async (text, name) => {
        const picture = await renderQrPng(text, name);
        assert.deepEqual(await readQrCodes(picture, loadQrWasm), [encodeCardUri(text, name)]);
      },
    ),
    // Drawn, compressed and looked for: five milliseconds each.
    100,
  ),
];
