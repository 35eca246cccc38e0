import { createPublicKey, verify } from 'node:crypto';
import { inflateRawNode } from '../credential/deflate-node.ts';
import { importEs256Key } from '../credential/es256-node.ts';
import { parseCompactJws } from '../credential/jws.ts';
import { parseCardUri } from '../credential/shc-uri.ts';
import type { Terms } from '../verifier/pipeline/checks.ts';
import type { Evidence } from '../verifier/pipeline/evidence.ts';
import { verifyEvidence } from '../verifier/pipeline/presentation.ts';
import type { TrustDocument } from '../verifier/pipeline/trust-document.ts';
import { indexTrust, type Trust } from '../verifier/pipeline/trust.ts';
import type { TestKey } from '../test/support/cards.ts';
import type { BenchCard } from './cards.ts';
import type { Candidate } from './rounds.ts';

const PORTS = { inflate: inflateRawNode, importKey: importEs256Key };

/** Trust data as a node that verifies without a chain holds it. */
export function benchTrust(document: TrustDocument): Trust {
  return indexTrust(document, { anchored: false, importKey: importEs256Key });
}

/** The bare verification of the signatures of these cards, all by one key: what everything else is measured against. */
export function bareEs256({ x, y }: TestKey, cards: readonly BenchCard[]): Candidate {
  const point = {
    key: createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } }),
    dsaEncoding: 'ieee-p1363',
  } as const;
  const parsed = cards.map(({ jws }) => parseCompactJws(jws));
  return () => {
    for (const { signingInput, signature } of parsed) {
      if (!verify('sha256', signingInput, point, signature)) throw new Error('A signature does not hold.');
    }
  };
}

/** Decisions about these cards under these terms: from the text of the QR code, and from the JWS. */
export function decisions(
  trust: Trust,
  cards: readonly BenchCard[],
  terms: Terms,
): { readonly qr: Candidate; readonly jws: Candidate } {
  const decide = async (evidence: Evidence): Promise<void> => {
    const [decision] = await verifyEvidence(evidence, trust, terms, PORTS);
    if (decision?.outcome !== 'accepted') throw new Error('A card of the benchmark was not accepted.');
  };
  return {
    async qr() {
      for (const { qr } of cards) {
        const { text, scheme } = parseCardUri(qr);
        await decide({ text, scheme });
      }
    },
    async jws() {
      for (const { jws } of cards) await decide({ text: jws });
    },
  };
}

/** What every card is decided by, but for what a column says. */
export function benchTerms(now: number): Terms {
  return { now, allowUnanchored: true, rules: 'none' };
}
