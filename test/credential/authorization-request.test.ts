import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  parseDcqlVpToken,
  parseOpenid4vpAuthorizationRequest,
  resolveOpenid4vpAuthorizationRequest,
} from '@openid4vc/openid4vp';
import { decodeBase64url } from '../../credential/base64url.ts';
import { keyFromDidJwk } from '../../credential/did-jwk.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { answerTo, RESPONSE_URI, venueKey, verifier } from '../support/asking.ts';
import { utf8 } from '../support/cards.ts';

test('another’s implementation of OpenID4VP 1.0 reads our request, its signature and its query', async () => {
  const { request } = verifier(venueKey, {
    now: Date.now() / 1000,
  }).requests.open({ responseUri: RESPONSE_URI });
  const { params } = parseOpenid4vpAuthorizationRequest({ authorizationRequest: request });
  const resolved = await resolveOpenid4vpAuthorizationRequest({
    authorizationRequestPayload: params,
    callbacks: {
      hash: (data) => new Uint8Array(createHash('sha256').update(data).digest()),
      decryptJwe: () => ({ decrypted: false }),
      getX509CertificateMetadata: () => ({ sanDnsNames: [], sanUriNames: [] }),
      fetch: () => Promise.reject(new Error('Nothing is to be fetched.')),
      verifyJwt: (signer, { compact }) => {
        assert.ok(signer.method === 'did');
        const key = keyFromDidJwk(signer.didUrl.split('#')[0] ?? '');
        const end = compact.lastIndexOf('.');
        const signature = decodeBase64url(compact.slice(end + 1));
        const holds = importEs256Key(key)(utf8(compact.slice(0, end)), signature);
        const signerJwk = { kty: 'EC', crv: 'P-256', ...key };
        return holds ? { verified: true, signerJwk } : { verified: false };
      },
    },
  });
  assert.equal(resolved.version, 100);
  assert.equal(resolved.client.prefix, 'decentralized_identifier');
  assert.equal(resolved.authorizationRequestPayload.response_mode, 'direct_post');
  assert.deepEqual(resolved.dcql?.query, {
    credentials: [{ id: 'pass', format: 'jwt_vc_json', meta: { type_values: [['urn:pratique:pass']] } }],
  });
});

test('and our answer’s vp_token', async () => {
  const { form } = await answerTo(verifier());
  const token = parseDcqlVpToken(form.get('vp_token'));
  assert.deepEqual(Object.keys(token), ['pass']);
});
