import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { decodeBase64url, encodeBase64url } from '../../credential/base64url.ts';
import { lintBundle } from '../../credential/bundle-lint.ts';
import { readCard, readLegacyVc, readVc } from '../../credential/credential.ts';
import { crlRevokes, crlRoot, parseCrl } from '../../credential/crl.ts';
import { dateTimeFromSeconds, secondsFromDateTime } from '../../credential/date-time.ts';
import { parseDeepLink } from '../../credential/deep-link.ts';
import { inflateRawNode } from '../../credential/deflate-node.ts';
import { inflateRaw, MAX_CARD_BYTES } from '../../credential/deflate.ts';
import { keyFromDidJwk } from '../../credential/did-jwk.ts';
import { keyFromDidKey } from '../../credential/did-key.ts';
import { assertIss, didWebFromIss, issFromDidWeb } from '../../credential/did-web.ts';
import { decodeStatusList } from '../../credential/encoded-list.ts';
import { FormatError } from '../../credential/errors.ts';
import { assertIssuable, minimiseBundle, parseBundle } from '../../credential/fhir-bundle.ts';
import { readFhirDateTime } from '../../credential/fhir-date-time.ts';
import { parseCardPayload } from '../../credential/health-card.ts';
import { readHealthRecord } from '../../credential/health-record.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { coordinateBytes, parseIssuerJwk, thumbprint } from '../../credential/jwk.ts';
import { assertCardHeader, assertVcHeader, parseCompactJws } from '../../credential/jws.ts';
import { assertPicture } from '../../credential/picture.ts';
import { readPresentation } from '../../credential/presentation.ts';
import { renderQrPng } from '../../credential/qr.ts';
import { loadQrWasm } from '../../credential/qr-reader-node.ts';
import { readQrCodes } from '../../credential/qr-reader.ts';
import { encodeCardUri, joinChunks, parseCardUri } from '../../credential/shc-uri.ts';
import { encodeCardFile, parseCardFile } from '../../credential/smart-health-card-file.ts';
import { BLOCK_BITS, indexFromRid, ridFromIndex, StatusList } from '../../credential/status-list.ts';
import { cardFromVc, type VcPayload } from '../../credential/verifiable-credential.ts';
import { openBundle } from '../../verifier/node/bundle.ts';
import { replayLog } from '../../verifier/pipeline/replay.ts';
import { readTrustDocument } from '../../verifier/pipeline/trust-document-reader.ts';
import { anchoredTrust, trustDocument } from '../support/cards.ts';
import { jpegOf, jpegSegment, modulesOf, pngOf, pngWith } from '../support/pictures.ts';
import { CHAIN } from '../verifier/registry-events.ts';
import { mutatedBytes, mutatedJson, mutatedText } from './mutations.ts';
import { neverCrashes, type Property } from './run.ts';
import * as seeds from './seeds.ts';

const uri = encodeCardUri(seeds.jws[0], 'shc');
const half = seeds.jws[0].length >> 1;
const chunk = (place: number, text: string): string =>
  encodeCardUri(text, 'shc').replace('shc:/', `shc:/${place}/2/`);
const chunks = [chunk(1, seeds.jws[0].slice(0, half)), chunk(2, seeds.jws[0].slice(half))];
const bundleParts = seeds.bundle.split('.');
const qrPng = await renderQrPng(seeds.jws[1], 'pratique');

/** Parsers of text that a stranger hands over. */
export const TEXT_PARSERS: readonly Property[] = [
  neverCrashes({
    name: 'base64url',
    input: mutatedText(encodeBase64url(seeds.deflated[0] ?? new Uint8Array()), 'AA', 'AAA', ''),
    // What is taken is the only text of its bytes.
    parse: (text) => assert.equal(encodeBase64url(decodeBase64url(text)), text),
  }),
  neverCrashes({
    name: 'JSON',
    input: mutatedText(
      JSON.stringify(seeds.payloads),
      '{"a":"\\u00e9\\ud83d\\ude00","b":[1e3,null]}',
      '[[[[]]]]',
    ),
    parse: (text) => assert.deepEqual(parseJson(text), JSON.parse(text)),
  }),
  neverCrashes({
    name: 'compact JWS and its header',
    input: mutatedText(...seeds.jws),
    parse(text) {
      const { header } = parseCompactJws(text);
      if (header.kid.includes('#')) assertVcHeader(header);
      else assertCardHeader(header);
    },
  }),
  neverCrashes({
    name: 'JWS header as JSON',
    input: mutatedJson({ alg: 'ES256', zip: 'DEF', kid: seeds.key.kid, typ: 'JWT', cty: 'vc' }),
    parse(header) {
      const text = JSON.stringify(header) as string | undefined;
      const first = encodeBase64url(new TextEncoder().encode(text ?? ''));
      assertCardHeader(parseCompactJws(`${first}.AA.${seeds.jws[0].split('.')[2]}`).header);
    },
  }),
  neverCrashes({
    name: 'shc:/ and pratique:/ text',
    input: mutatedText(uri, ...chunks, encodeCardUri(seeds.jws[1], 'pratique')),
    parse(text) {
      const { scheme, chunk: place, text: read } = parseCardUri(text);
      if (place === undefined) assert.equal(encodeCardUri(read, scheme), text);
    },
  }),
  neverCrashes({
    name: 'chunks of a QR text',
    input: fc.array(fc.oneof(mutatedText(...chunks), fc.constantFrom(...chunks)), { maxLength: 4 }),
    parse(texts) {
      const read = texts.flatMap((text) => {
        try {
          return [parseCardUri(text)];
        } catch (error) {
          if (error instanceof FormatError) return [];
          throw error;
        }
      });
      joinChunks(read);
    },
  }),
  neverCrashes({
    name: 'did:web and iss',
    input: mutatedText('did:web:issuer.example%3A8443:a:b%2Bc', 'https://issuer.example:8443/a/b+c~d'),
    parse(text) {
      if (text.startsWith('https')) {
        assertIss(text);
        assert.equal(issFromDidWeb(didWebFromIss(text)), text);
      } else assert.equal(didWebFromIss(issFromDidWeb(text)), text);
    },
  }),
  neverCrashes({ name: 'did:jwk', input: mutatedText(seeds.didJwk), parse: keyFromDidJwk }),
  neverCrashes({ name: 'did:key', input: mutatedText(seeds.didKey), parse: keyFromDidKey }),
  neverCrashes({
    name: 'date and time',
    input: mutatedText(
      '2026-02-28T23:59:59.123456Z',
      '1970-01-01T00:00:00-00:00',
      '2024-02-29T10:00:00+14:00',
    ),
    parse(text) {
      readFhirDateTime(text);
      const seconds = secondsFromDateTime(text);
      assert.equal(secondsFromDateTime(dateTimeFromSeconds(seconds)), seconds);
    },
  }),
  neverCrashes({
    name: 'rid',
    input: mutatedText('AAAAAA', '_____w', 'abc-_Q'),
    parse(rid) {
      const index = indexFromRid(rid);
      if (index !== undefined) assert.equal(ridFromIndex(index), rid);
    },
  }),
  neverCrashes({
    name: 'coordinate of a key',
    input: mutatedText(seeds.key.x, 'AA'),
    parse: (text) => assert.equal(coordinateBytes(text).length, 32),
  }),
  neverCrashes({
    name: 'card file',
    input: mutatedText(encodeCardFile(seeds.jws.slice(0, 2)), '{"verifiableCredential":["a"]}'),
    parse: parseCardFile,
  }),
  neverCrashes({
    name: 'deep link',
    input: mutatedText(
      'https://wallet.example/#%7B%22verifiableCredential%22:[%22a.b.c%22]%7D',
      'https://a/#{"verifiableCredential":["a"]}',
    ),
    parse: parseDeepLink,
  }),
  neverCrashes({
    name: 'encoded status list',
    input: mutatedText(seeds.encodedList),
    parse: (text) => decodeStatusList(text, 2 * BLOCK_BITS),
  }),
  neverCrashes({
    name: 'log of a registry',
    // One event of it is another text: its topics and its data, with spaces between.
    input: fc.nat({ max: seeds.registry.length - 1 }).chain((at) => {
      const { topics, data } = seeds.registry[at] ?? { topics: [], data: '' };
      return mutatedText([...topics, data].join(' ')).map((text) => [at, text.split(' ')] as const);
    }),
    parse([at, words]) {
      const log = { topics: words.slice(0, -1), data: words.at(-1) ?? '' };
      const { trust } = replayLog(seeds.registry.with(at, log), CHAIN);
      anchoredTrust(readTrustDocument(trustDocument(trust)));
    },
  }),
  neverCrashes({ name: 'trust bundle', input: mutatedText(seeds.bundle), parse: openBundle }),
  neverCrashes({
    name: 'JSON of a trust bundle',
    input: mutatedText(decodeUtf8(decodeBase64url(bundleParts[1] ?? ''))),
    // The header is still that of its exporter, so that reading gets as far as the signature.
    parse: (json) =>
      openBundle(`${bundleParts[0]}.${encodeBase64url(new TextEncoder().encode(json))}.${bundleParts[2]}`),
  }),
];

/** Parsers of bytes that a stranger hands over. */
export const BYTE_PARSERS: readonly Property[] = [
  neverCrashes({
    name: 'UTF-8',
    input: mutatedBytes(new TextEncoder().encode('{"é":"😀"}'), Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b)),
    parse: (bytes) => assert.deepEqual(new TextEncoder().encode(decodeUtf8(bytes)), new Uint8Array(bytes)),
  }),
  neverCrashes({
    name: 'DEFLATE, zlib and pako alike',
    input: fc.tuple(mutatedBytes(...seeds.deflated), fc.constantFrom(1, 100, 4096, 8192, MAX_CARD_BYTES)),
    parse: ([bytes, most]) =>
      assert.deepEqual(inflated(inflateRaw, bytes, most), inflated(inflateRawNode, bytes, most)),
  }),
  neverCrashes({
    name: 'picture',
    input: mutatedBytes(
      pngOf({ width: 3, height: 2, at: (x, y) => x * y }),
      pngWith(40, 40, deflateSync(new Uint8Array(41 * 40))),
      pngWith(1, 1, deflateSync(new Uint8Array(100_000))),
      jpegOf({ width: 2, height: 1, at: () => 7 }),
      Uint8Array.from([0xff, 0xd8, ...jpegSegment(0xc2, [8, 0, 1, 0, 1, 1, 1, 0x11, 0]), 0xff, 0xd9]),
    ),
    parse: assertPicture,
  }),
  neverCrashes({
    name: 'picture of a QR code, by the reader itself',
    input: mutatedBytes(qrPng, jpegOf(modulesOf(qrPng))),
    parse: (bytes) => readQrCodes(bytes, loadQrWasm),
    // Looking for codes takes zxing ten milliseconds; what our own look at a picture lets through is above.
    slower: 50,
  }),
  neverCrashes({
    name: 'bytes of a status list',
    input: fc.oneof(
      mutatedBytes(seeds.statusBytes, new Uint8Array()),
      fc.constant(seeds.statusBytes).map((bytes) => bytes.slice()),
    ),
    parse: (bytes) => assert.deepEqual(StatusList.fromBytes(bytes).bytes(), bytes),
  }),
];

function inflated(inflate: typeof inflateRaw, bytes: Uint8Array, most: number): unknown {
  try {
    return new Uint8Array(inflate(bytes, most));
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
}

/** Readers of JSON values whose text has been read already. */
export const JSON_READERS: readonly Property[] = [
  neverCrashes({
    name: 'key of an issuer',
    input: mutatedJson(seeds.jwk),
    parse(json) {
      const key = parseIssuerJwk(json);
      assert.equal(thumbprint(key), key.kid);
    },
  }),
  neverCrashes({ name: 'payload of a card', input: mutatedJson(...seeds.payloads), parse: parseCardPayload }),
  neverCrashes({ name: 'card as a credential', input: mutatedJson(...seeds.payloads), parse: readCard }),
  neverCrashes({ name: 'vc+jwt', input: mutatedJson(...seeds.vcs), parse: readVc }),
  neverCrashes({ name: 'VCDM 1.1 JWT', input: mutatedJson(...seeds.legacyVcs), parse: readLegacyVc }),
  neverCrashes({
    name: 'presentation',
    input: mutatedJson(seeds.presentation),
    parse: (json) => readPresentation(json, 'vp+jwt'),
  }),
  neverCrashes({
    name: 'VC as a card',
    input: mutatedJson(...seeds.vcs),
    parse(json) {
      // Whoever maps a VC back has read it before.
      readVc(json);
      cardFromVc(json as VcPayload);
    },
  }),
  neverCrashes({
    name: 'FHIR bundle, its facts and its lint',
    input: mutatedJson(seeds.card.fhirBundle),
    parse(json) {
      const bundle = parseBundle(json);
      readHealthRecord(bundle);
      lintBundle(bundle);
      assertIssuable(minimiseBundle(bundle));
    },
  }),
  neverCrashes({
    name: 'revocation list',
    input: mutatedJson(seeds.crl),
    parse(json) {
      const crl = parseCrl(json);
      crlRoot(crl.rids);
      crlRevokes(crl, 'AAAAAA', 0);
    },
  }),
  neverCrashes({
    name: 'trust document',
    input: mutatedJson(seeds.document),
    parse(json) {
      const trust = anchoredTrust(readTrustDocument(json));
      for (const { status } of trust.entriesOf(seeds.key.kid)) assert.notEqual(status.kind, '');
    },
  }),
];
