import { inflateRawNode } from '../credential/deflate-node.ts';
import { importEs256Key } from '../credential/es256-node.ts';
import type { Terms } from '../verifier/pipeline/checks.ts';
import type { Decision } from '../verifier/pipeline/decision.ts';
import type { Piece } from '../verifier/pipeline/input.ts';
import type { KeyStatus } from '../verifier/pipeline/status-data.ts';
import { indexTrust, type Trust, type TrustEntry } from '../verifier/pipeline/trust.ts';
import { TRUST_DOCUMENT_VERSION, type TrustDocument } from '../verifier/pipeline/trust-document.ts';
import { TrustError } from '../verifier/pipeline/trust-error.ts';
import { DEFAULT_POLICY, type VenuePolicy } from '../verifier/pipeline/venue-policy.ts';
import { verifyPieces } from '../verifier/pipeline/verify-pieces.ts';
import type { NoTrust } from '../verifier/pipeline/verify.ts';
import type { KnownRegistry } from './registry-tie.ts';
import type { StandingList } from './standing-list.ts';

/** What an issuer knows of who is to be trusted. */
export interface IssuerKnowledge {
  readonly did: string;
  /** All that the registry said when it was last read. */
  readonly known: () => KnownRegistry | undefined;
  /** Of a key of the issuer's own; undefined of one whose list the chain was never seen to hold. */
  readonly listOf: (kid: string) => StandingList | undefined;
}

/** When it is, and whether a holder presents the credentials, and was asked to sign what. */
export type DecideTerms = Pick<Terms, 'now' | 'challenge'> & { readonly presented?: boolean };

/** Whoever shows a card as a presentation must not be told that somebody proved to be its holder. */
const PRESENTED: VenuePolicy = { ...DEFAULT_POLICY, holder: 'proof' };

const PORTS = { inflate: inflateRawNode, importKey: importEs256Key };

/**
 * Decides by the verifier's whole pipeline, with what the issuer knows: the registry as it last read it, and its own
 * revocations from the moment at which they are on disk, long before a venue could know of them. It holds no list of any
 * other issuer, and does not say of their cards what it could not look up.
 */
export class IssuerDecider {
  readonly #knowledge: IssuerKnowledge;
  #indexed: { readonly of: KnownRegistry['trust']; readonly trust: Trust } | undefined;

  constructor(knowledge: IssuerKnowledge) {
    this.#knowledge = knowledge;
  }

  /** One decision a credential, in their order. */
  async decide(
    pieces: readonly Piece[],
    { now, challenge, presented }: DecideTerms,
  ): Promise<readonly Decision[]> {
    const sourced = pieces.map((piece) => ({ source: '', piece }));
    const terms: Terms = {
      now,
      allowUnanchored: false,
      rules: 'none',
      challenge,
      policy: presented === true ? PRESENTED : undefined,
    };
    const decided = async (trust: Trust | NoTrust): Promise<readonly Decision[]> => {
      const decisions = await verifyPieces(sourced, trust, terms, PORTS);
      return decisions.map(({ source: _source, ...decision }) => decision);
    };
    const gaps: KeyStatus[] = [];
    const shown = this.#trust((status) => {
      gaps.push(status);
      return status;
    });
    const decisions = await decided(shown);
    if (gaps.length === 0) return decisions;
    // What a list with gaps says of a revoked card is true; that another is not revoked nobody can say by it.
    const doubted = await decided(this.trust());
    return decisions.map((decision, at) => (isRevoked(decision) ? decision : (doubted[at] ?? decision)));
  }

  /** What it decides by: a list of its own with gaps accepts nothing and revokes nothing. */
  trust(): Trust | NoTrust {
    return this.#trust(() => ({ kind: 'stale' }));
  }

  #trust(withGaps: (status: KeyStatus) => KeyStatus): Trust | NoTrust {
    const known = this.#knowledge.known();
    if (known === undefined) return 'missing';
    try {
      if (this.#indexed?.of !== known.trust) this.#indexed = { of: known.trust, trust: indexed(known) };
      const { document, entriesOf, anchored } = this.#indexed.trust;
      return {
        anchored,
        document: { ...document, takenAt: known.at },
        entriesOf: (kid) => entriesOf(kid).map((entry) => this.#withOwnList(entry, withGaps)),
      };
    } catch (error) {
      if (error instanceof TrustError) return 'invalid';
      throw error;
    }
  }

  #withOwnList(entry: TrustEntry, withGaps: (status: KeyStatus) => KeyStatus): TrustEntry {
    const { key, issuer } = entry;
    const standing = issuer.did === this.#knowledge.did ? this.#knowledge.listOf(key.kid) : undefined;
    if (standing === undefined) return entry;
    const { list, counter, whole } = standing;
    const bits: KeyStatus = { kind: 'bits', list, counter };
    const status = whole ? bits : withGaps(bits);
    // Whatever the registry says of how this key revokes: what is revoked here is revoked.
    return { ...entry, key: { ...key, revocation: 'bits' }, status };
  }
}

function isRevoked({ codes }: Decision): boolean {
  return codes.includes('REVOKED');
}

/** The registry's part alone: the lists of the issuer's own are looked at as they stand when a card is. */
function indexed({ trust: { jurisdictions, issuers, keys }, at }: KnownRegistry): Trust {
  const document: TrustDocument = {
    version: TRUST_DOCUMENT_VERSION,
    source: { kind: 'unanchored', origin: 'the registry, as this issuer last read it' },
    seen: null,
    takenAt: at,
    successor: null,
    jurisdictions,
    issuers,
    keys,
    venues: [],
    rules: [],
    anchors: [],
    lists: [],
    ruleFiles: [],
  };
  // It was replayed by the issuer itself, its head compared with the chain's.
  return indexTrust(document, { anchored: true, importKey: importEs256Key });
}
