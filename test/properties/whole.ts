import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { deflateRawSync } from 'node:zlib';
import { inflateRawNode } from '../../credential/deflate-node.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { HEALTH_CARD_TYPE, PASS_TYPE } from '../../credential/health-card.ts';
import { isJsonObject } from '../../credential/json.ts';
import { StatusList } from '../../credential/status-list.ts';
import { readText } from '../../verifier/pipeline/input.ts';
import { verifyPieces } from '../../verifier/pipeline/verify-pieces.ts';
import type { SourcedDecision } from '../../verifier/pipeline/verify-pieces.ts';
import {
  anchoredBits,
  anchoredTrust,
  decide,
  DID,
  ISS,
  mintJws,
  newKey,
  NOW,
  STATUS_BASE,
  trustDocument,
  trustedKey,
  utf8,
} from '../support/cards.ts';
import { inputBytes, readTrustJson, readVectors } from '../support/vector-files.ts';
import { trustOf, type Vector } from '../support/vectors.ts';
import { mutatedJson, mutatedText, written } from './mutations.ts';
import { neverCrashes, type Property } from './run.ts';
import * as seeds from './seeds.ts';

// Everything between what is shown and the answer. An answer is held against what is known of the input without asking
// the code under test: nothing that was changed is accepted but as the same card, nothing that is signed is accepted
// against its own words.

/** Vectors of text that are judged by one set of trust data, at one moment and by one policy. */
const vectors = (await readVectors()).filter(
  ({ trust, now, at = now, challenge, rules, allowUnanchored, input }) =>
    trust === 'federation' &&
    [challenge, rules, allowUnanchored].every((one) => one === undefined) &&
    now === NOW &&
    at === NOW &&
    (inputBytes(input)?.length ?? Infinity) < 10_000,
);
const federation = trustOf(await readTrustJson('federation'), importEs256Key);

async function answer(text: string): Promise<readonly SourcedDecision[]> {
  const pieces = readText(text).map((piece) => ({ source: '', piece }));
  const terms = { now: NOW, allowUnanchored: false, rules: 'none' };
  return verifyPieces(pieces, federation, terms, { inflate: inflateRawNode, importKey: importEs256Key });
}

const shown = vectors.flatMap(({ input }) => textOf(input));
const accepted = new Set<string>();
for (const text of shown) {
  for (const decision of await answer(text)) {
    if (decision.outcome === 'accepted') accepted.add(JSON.stringify(decision));
  }
}

/** The text that is shown, a JWS without the file around it; nothing of a picture, or of what is no text. */
function textOf(input: Vector['input']): readonly string[] {
  if ('text' in input && input.scheme === undefined) return [input.text];
  const bytes = Buffer.from(inputBytes(input) ?? []);
  return bytes.equals(Buffer.from(bytes.toString())) ? [bytes.toString()] : [];
}

const key = newKey();
const list = new StatusList(1);
for (let index = 1; index < list.length; index += 2) list.set(index, true);
const { data, anchor } = anchoredBits(key, list);
const trust = anchoredTrust(
  trustDocument({ keys: [trustedKey(key, { revocation: 'bits' })], anchors: [anchor], lists: [data] }),
);

/** Holds the words of an accepted payload against what no accepted card may say. */
function assertAcceptable(json: unknown): void {
  assert.ok(isJsonObject(json) && isJsonObject(json['vc']));
  const { iss, nbf, exp, vc } = json;
  assert.equal(iss, ISS);
  assert.ok(typeof nbf === 'number' && nbf <= NOW + 60 && nbf > NOW - 200 * 86_400);
  assert.ok(exp === undefined || (typeof exp === 'number' && exp >= NOW && exp <= 1e11));
  const types = vc['type'] as readonly unknown[];
  assert.notEqual(types.includes(HEALTH_CARD_TYPE), types.includes(PASS_TYPE));
  const rid = vc['rid'] as string;
  assert.equal(Buffer.from(rid, 'base64url').toString('base64url'), rid);
  // Every odd index is revoked.
  assert.equal(Buffer.from(rid, 'base64url').readUInt32BE() % 2, 0);
}

/** The same of a VC. */
function assertAcceptableVc(json: unknown): void {
  assert.ok(isJsonObject(json) && isJsonObject(json['credentialStatus']));
  const { issuer, validFrom, validUntil, credentialStatus } = json;
  assert.equal(isJsonObject(issuer) ? issuer['id'] : issuer, DID);
  assert.ok(Date.parse(validFrom as string) <= (NOW + 60) * 1000);
  assert.ok(validUntil === undefined || Date.parse(validUntil as string) >= NOW * 1000);
  assert.deepEqual(
    [credentialStatus['type'], credentialStatus['statusPurpose'], credentialStatus['statusListCredential']],
    ['BitstringStatusListEntry', 'revocation', `${STATUS_BASE}/status/${key.kid}`],
  );
  assert.equal(Number(credentialStatus['statusListIndex']) % 2, 0);
}

/** From what is shown to the answer. */
export const WHOLE: readonly Property[] = [
  neverCrashes({
    name: 'vectors with up to four edits, each accepted only as a vector is',
    input: mutatedText(...shown),
    async parse(text) {
      for (const decision of await answer(text)) {
        if (decision.outcome === 'accepted') assert.ok(accepted.has(JSON.stringify(decision)));
      }
    },
  }),
  neverCrashes({
    name: 'payloads that their issuer signs, whatever they say',
    input: mutatedJson(...seeds.payloads),
    async parse(json) {
      const jws = mintJws(key, deflateRawSync(written(json)), { zip: 'DEF' });
      if ((await decide(jws, trust)).outcome === 'accepted') assertAcceptable(json);
    },
  }),
  neverCrashes({
    name: 'credentials that their issuer signs, whatever they say',
    input: mutatedJson(...seeds.vcsOf(key.kid)),
    async parse(json) {
      const jws = mintJws(key, utf8(written(json)), { typ: 'vc+jwt', kid: `${DID}#${key.kid}` });
      if ((await decide(jws, trust)).outcome === 'accepted') assertAcceptableVc(json);
    },
  }),
];
