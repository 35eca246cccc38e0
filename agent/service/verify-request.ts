import { z } from 'zod/v4';
import { VC_CONTEXT } from '../../credential/verifiable-credential.ts';
import { readText, type Piece } from '../../verifier/pipeline/input.ts';
import type { Challenge } from '../../verifier/pipeline/checks.ts';
import { Problem } from '../../verifier/http/problem.ts';
import { PROBLEMS } from './problems.ts';

/** Nothing else is looked for in what a `data:` URL holds than what its media type says (RFC 2397). */
const DATA_URL =
  /^data:application\/(?:vc\+jwt|vp\+jwt|jwt),([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/;

const CONTEXT = z.union([z.string(), z.array(z.unknown())]).optional();

/** VCDM 2.0, sections 4.12.1 and 4.13.1: the signed text in a `data:` URL. */
const enveloped = (
  type: 'EnvelopedVerifiableCredential' | 'EnvelopedVerifiablePresentation',
  media: string,
) =>
  z.strictObject({
    '@context': CONTEXT.meta({ description: VC_CONTEXT }),
    type: z.union([z.literal(type), z.tuple([z.literal(type)])]),
    id: z
      .string()
      .regex(DATA_URL)
      .meta({ description: `data:application/${media},…` }),
  });

/** Of a credential: what is to be in the answer. */
const OPTIONS = {
  returnProblemDetails: z.boolean().optional(),
  returnResults: z.boolean().optional(),
  returnCredential: z
    .literal(false)
    .optional()
    .meta({ description: 'A decision never carries the credential back.' }),
};

const CREDENTIAL_REQUEST = z.strictObject({
  verifiableCredential: z.union([
    z.string().min(1).meta({
      description:
        'Any text that the verifier takes: compact JWS, shc:/ or pratique:/ text, the text of a .smart-health-card file, vc+jwt.',
    }),
    enveloped('EnvelopedVerifiableCredential', 'vc+jwt'),
  ]),
  options: z.strictObject(OPTIONS).optional(),
});

const nonce = z.string().min(1).max(200);

const PRESENTATION_REQUEST = z.strictObject({
  verifiablePresentation: z.union([
    z.string().min(1).meta({ description: 'A presentation as vp+jwt.' }),
    enveloped('EnvelopedVerifiablePresentation', 'vp+jwt'),
  ]),
  options: z
    .strictObject({
      ...OPTIONS,
      challenge: nonce.optional().meta({
        description:
          'What the holder was asked to sign, by whoever asks here; each answer is taken once by them.',
      }),
      domain: nonce.optional().meta({ description: 'For whom; said together with the challenge.' }),
    })
    .optional(),
});

/** Each costs a signature, and everybody else waits for it; the verifier is for the many. */
const MAX_CREDENTIALS = 20;

/** The body of `POST /credentials/verify`. */
export const VERIFY_REQUEST = z.union([CREDENTIAL_REQUEST, PRESENTATION_REQUEST]);

/** What is shown, and what is to be said of it. */
export interface VerifyAsked {
  readonly pieces: readonly Piece[];
  readonly challenge: Challenge | undefined;
  /** By a holder, who has to prove to be theirs. */
  readonly presented: boolean;
  readonly problems: boolean;
  readonly results: boolean;
}

/** Reads a request to verify. Problem BODY_INVALID; BODY_TOO_LARGE of more than 20 credentials. */
export function readVerifyRequest(json: unknown): VerifyAsked {
  const { data } = VERIFY_REQUEST.safeParse(json);
  if (data === undefined) throw new Problem(PROBLEMS.BODY_INVALID);
  const shown = 'verifiableCredential' in data ? data.verifiableCredential : data.verifiablePresentation;
  const { returnProblemDetails = true, returnResults = false } = data.options ?? {};
  const pieces = typeof shown === 'string' ? readText(shown) : [{ text: DATA_URL.exec(shown.id)?.[1] ?? '' }];
  if (pieces.length > MAX_CREDENTIALS) throw new Problem(PROBLEMS.BODY_TOO_LARGE);
  return {
    pieces,
    challenge: 'verifiablePresentation' in data ? challengeOf(data.options ?? {}) : undefined,
    presented: 'verifiablePresentation' in data,
    problems: returnProblemDetails,
    results: returnResults,
  };
}

/** One without the other would be a proof for anybody, or of any age. */
function challengeOf({
  challenge,
  domain,
}: {
  readonly challenge?: string | undefined;
  readonly domain?: string | undefined;
}): Challenge | undefined {
  if (challenge === undefined && domain === undefined) return undefined;
  if (challenge === undefined || domain === undefined) throw new Problem(PROBLEMS.BODY_INVALID);
  return { nonce: challenge, audience: domain };
}
