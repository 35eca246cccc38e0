import assert from 'node:assert/strict';
import type { Issuer } from '../../agent/issuer.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { shippedRules } from '../../verifier/node/shipped-rules.ts';
import { withRuleFiles } from '../../verifier/pipeline/rules/rule-files.ts';
import { indexTrust } from '../../verifier/pipeline/trust.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import { anchoredBits, trustDocument, trustedIssuer, trustedKey } from '../support/cards.ts';
import { NOW } from './issuer-fixture.ts';

/** Trust data of a venue that trusts an issuer and its first key, with the rules that come with the program. */
export function trustIn(issuer: Issuer): Trust {
  const { did, iss, statusBase } = issuer.identity;
  const [key] = issuer.keys();
  assert.ok(key);
  const { data, anchor } = anchoredBits(key, issuer.statusList(key.kid).list);
  const document = trustDocument({
    source: { kind: 'unanchored', origin: 'a test' },
    takenAt: NOW,
    issuers: [trustedIssuer({ did, iss, statusBase, accreditedFrom: 0, accreditedUntil: 0 })],
    keys: [trustedKey(key, { validFrom: 0, validUntil: 0, revocation: 'bits' })],
    lists: [data],
    anchors: [anchor],
  });
  const files = shippedRules().map(({ text }) => text);
  return indexTrust(withRuleFiles(document, files), { anchored: false, importKey: importEs256Key });
}
