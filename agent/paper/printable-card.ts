import type { Credential } from '../../credential/credential.ts';
import { inflateRawNode } from '../../credential/deflate-node.ts';
import { MAX_QR_JWS } from '../../credential/qr.ts';
import type { CardScheme } from '../../credential/shc-uri.ts';
import { conclude } from '../../verifier/pipeline/conclude.ts';
import type { Evidence } from '../../verifier/pipeline/evidence.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import { examineCredential } from '../../verifier/pipeline/verify.ts';
import type { NoTrust } from '../../verifier/pipeline/verify.ts';
import type { PaperCard } from '../../verifier/pipeline/words/paper-text.ts';
import { PaperError } from './paper-error.ts';

/** What stands on the paper of one card: what its code says, as verified, and the issuer by the registry. */
export interface PrintableCard extends PaperCard {
  /** Compact JWS. */
  readonly jws: string;
  readonly scheme: CardScheme;
}

const SCHEMES: ReadonlyMap<Credential['form'], CardScheme> = new Map([
  ['pass', 'pratique'],
  ['health-card', 'shc'],
]);

/** What a printer goes by. */
export interface PrintTerms {
  readonly trust: Trust | NoTrust;
  /** Unix seconds. */
  readonly now: number;
  readonly allowUnanchored: boolean;
}

/**
 * Read a card for printing: by the steps of a venue, since paper cannot be called back.
 *
 * @throws PaperError CARD_NOT_ACCEPTED, CARD_TOO_LONG, CARD_UNNAMED
 */
export async function printableCard(
  evidence: Evidence,
  { trust, now, allowUnanchored }: PrintTerms,
): Promise<PrintableCard> {
  const terms = { now, allowUnanchored, rules: 'none' };
  const findings = await examineCredential(evidence, trust, terms, { inflate: inflateRawNode });
  const { outcome, codes, issuer } = conclude(findings);
  const { credential } = findings;
  if (codes.length === 1 && codes[0] === 'SUBJECT_UNNAMED') throw new PaperError('CARD_UNNAMED');
  if (outcome !== 'accepted' || credential?.subject === undefined || issuer === null) {
    throw new PaperError('CARD_NOT_ACCEPTED', codes);
  }
  const { text } = evidence;
  const scheme = SCHEMES.get(credential.form);
  // A VC has no code that a venue's camera reads.
  if (scheme === undefined) throw new PaperError('CARD_NOT_ACCEPTED', ['UNSUPPORTED_FORMAT']);
  if (text.length > MAX_QR_JWS[scheme]) throw new PaperError('CARD_TOO_LONG');
  const { profile, passType, subject, nbf, exp } = credential;
  return {
    jws: text,
    scheme,
    name: subject.name,
    birthDate: subject.birthDate,
    profile,
    passType: passType ?? null,
    issuer: issuer.name,
    nbf,
    exp: exp ?? null,
  };
}
