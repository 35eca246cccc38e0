import type { Terms } from '../../verifier/pipeline/checks.ts';
import type { Decision } from '../../verifier/pipeline/decision.ts';
import type { Evidence } from '../../verifier/pipeline/evidence.ts';
import type { TrustDocument } from '../../verifier/pipeline/trust-document.ts';
import type { NoTrust } from '../../verifier/pipeline/verify.ts';

/** Trust data as it travels to the page. */
export type PageTrust = NoTrust | { readonly document: TrustDocument; readonly anchored: boolean };

/** What the page is given to decide, as one JSON file. */
export interface PageCases {
  readonly trusts: Readonly<Record<string, PageTrust>>;
  readonly cases: readonly {
    readonly name: string;
    readonly evidence: Evidence;
    readonly trust: string;
    readonly terms: Terms;
  }[];
  /** base64url of a PNG with a QR code in it. */
  readonly picture: string;
}

/** What the page found. */
export interface Answers {
  readonly decisions: Record<string, Pick<Decision, 'outcome' | 'codes'>>;
  readonly inPicture: readonly string[];
  /** Breaches of the content security policy. */
  readonly violations: readonly string[];
}
