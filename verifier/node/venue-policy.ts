import { z } from 'zod/v4';
import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { DEFAULT_POLICY } from '../pipeline/venue-policy.ts';
import type { TrustAgeLimits, VenuePolicy } from '../pipeline/venue-policy.ts';
import { readFileUpTo } from './read-file.ts';

/** A venue's policy as its operator wrote it, complete with the defaults. */
export interface PolicyFile {
  readonly policy: VenuePolicy;
  /** Take trust data that is tied to no chain. */
  readonly allowUnanchored: boolean;
}

/** A policy that is none; nothing of it counts. The message is a plain sentence for the operator. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code: 'POLICY_INVALID' | 'POLICY_UNREADABLE';

  constructor(code: PolicyError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Shorter than a sync takes, a limit would refuse everything. */
const MIN_SECONDS = 60;
/** A revocation or a suspension that a venue may not know of for longer than two weeks means nothing any more. */
const MAX_AGE_SECONDS = 14 * 86_400;
/** A year: longer than any list stands without a new anchor. */
const MAX_SILENCE_SECONDS = 366 * 86_400;
const MAX_FILE_BYTES = 256 * 1024;

const age = z.int().min(MIN_SECONDS).max(MAX_AGE_SECONDS);
const silence = z.int().min(MIN_SECONDS).max(MAX_SILENCE_SECONDS);
/** As the registry holds it: printable ASCII, 32 bytes at most. */
const jurisdiction = z.string().regex(/^[\x21-\x7e]{1,32}$/);

const FILE = z
  .strictObject({
    trustAge: z.strictObject({
      warnSeconds: age.optional(),
      refuseSeconds: age.optional(),
      jurisdictions: z
        .record(jurisdiction, z.strictObject({ warnSeconds: age.optional(), refuseSeconds: age.optional() }))
        .optional(),
    }),
    issuerSilence: z.strictObject({
      warnSeconds: silence.optional(),
      jurisdictions: z.record(jurisdiction, z.strictObject({ warnSeconds: silence.optional() })).optional(),
    }),
    acceptedJurisdictions: z.array(jurisdiction).min(1),
    acceptedProfiles: z.array(z.enum(['pass', 'pass-plus'])).min(1),
    named: z.boolean(),
    holder: z.enum(['signature', 'proof']),
    allowUnanchored: z.boolean(),
  })
  .partial();

/**
 * Read a venue's policy: JSON, each member optional, none unknown.
 *
 * @throws PolicyError POLICY_INVALID, naming the member that is wrong
 */
export function readPolicy(json: unknown): PolicyFile {
  const read = FILE.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    const where = issue?.path.join('.') ?? '';
    throw invalid(where === '' ? (issue?.message ?? 'it is none') : `${where}: ${issue?.message ?? ''}`);
  }
  const { allowUnanchored = false, trustAge, issuerSilence, ...rest } = read.data;
  const { jurisdictions: ages = {}, ...ageOfAll } = trustAge ?? {};
  const { jurisdictions: silences = {}, warnSeconds: silenceOfAll } = issuerSilence ?? {};
  const limits = ageLimits(ageOfAll, DEFAULT_POLICY.trustAge, 'trustAge');
  const entries = Object.entries(ages).map(
    ([code, own]) => [code, ageLimits(own, limits, `trustAge.jurisdictions.${code}`)] as const,
  );
  const silent = silenceOfAll ?? DEFAULT_POLICY.issuerSilence.warnSeconds;
  const ownSilences = Object.entries(silences).map(
    ([code, { warnSeconds = silent }]) => [code, { warnSeconds }] as const,
  );
  const policy: VenuePolicy = {
    trustAge: { ...limits, jurisdictions: Object.fromEntries(entries) },
    issuerSilence: { warnSeconds: silent, jurisdictions: Object.fromEntries(ownSilences) },
    acceptedJurisdictions: rest.acceptedJurisdictions ?? DEFAULT_POLICY.acceptedJurisdictions,
    acceptedProfiles: rest.acceptedProfiles ?? DEFAULT_POLICY.acceptedProfiles,
    named: rest.named ?? DEFAULT_POLICY.named,
    holder: rest.holder ?? DEFAULT_POLICY.holder,
  };
  return { policy, allowUnanchored };
}

/**
 * Read a venue's policy from a file.
 *
 * @throws PolicyError POLICY_UNREADABLE, POLICY_INVALID
 */
export async function readPolicyFile(path: string): Promise<PolicyFile> {
  const bytes = await readFileUpTo(path, MAX_FILE_BYTES).catch(() => undefined);
  if (bytes === undefined || bytes === 'too-large') {
    throw new PolicyError('POLICY_UNREADABLE', "The file of the venue's policy cannot be read.");
  }
  try {
    return readPolicy(parseJson(decodeUtf8(bytes)));
  } catch (error) {
    if (error instanceof FormatError) throw invalid('it is not JSON');
    throw error;
  }
}

/** Limits as given, else those around them; a warning that came after the refusal would never be seen. */
function ageLimits(
  own: { readonly warnSeconds?: number | undefined; readonly refuseSeconds?: number | undefined },
  around: TrustAgeLimits,
  name: string,
): TrustAgeLimits {
  const { refuseSeconds = around.refuseSeconds } = own;
  const { warnSeconds = Math.min(around.warnSeconds, refuseSeconds) } = own;
  if (warnSeconds > refuseSeconds) throw invalid(`${name}: it warns later than it refuses`);
  return { warnSeconds, refuseSeconds };
}

function invalid(why: string): PolicyError {
  return new PolicyError('POLICY_INVALID', `The venue's policy does not hold (${why.slice(0, 200)}).`);
}
