import { z } from 'zod/v4';
import { DECISION } from '../../http/explained-decision.ts';
import { problemSchema } from '../../http/problem.ts';
import { PROBLEM_CODES } from './problems.ts';

// What each address answers with: the same schemas make /openapi.json and are held against real answers in tests.

const unixSeconds = z.number();

/** Of an input that holds several credentials. */
const DECISIONS = z.strictObject({ decisions: z.array(DECISION) }).meta({ id: 'Decisions' });

export const VERIFY_ANSWER = z.union([DECISION, DECISIONS]);

const chainSource = z.strictObject({
  kind: z.literal('chain'),
  chainId: z.number(),
  registry: z.string(),
  head: z.string(),
  size: z.number(),
  block: z.strictObject({ number: z.number(), hash: z.string(), time: unixSeconds }),
});

export const TRUST_REPORT = z
  .strictObject({
    state: z.enum(['held', 'missing', 'invalid']),
    anchored: z.boolean(),
    imported: z.boolean(),
    exporter: z.string().nullable(),
    source: z
      .union([chainSource, z.strictObject({ kind: z.literal('unanchored'), origin: z.string() })])
      .nullable(),
    takenAt: unixSeconds.nullable(),
    ageSeconds: z.number().nullable(),
    blockAgeSeconds: z.number().nullable(),
    freshness: z.enum(['fresh', 'ageing', 'stale']).nullable(),
    online: z.boolean().nullable(),
    lastAttempt: z.strictObject({ at: unixSeconds, code: z.string().nullable() }).nullable(),
    faults: z.array(z.strictObject({ endpoint: z.string(), code: z.string() })),
    lists: z.array(
      z.strictObject({
        iss: z.string(),
        kid: z.string(),
        state: z.enum(['current', 'stale', 'missing', 'invalid']),
        anchoredAt: unixSeconds.nullable(),
        fault: z.string().nullable(),
      }),
    ),
    rules: z.array(
      z.strictObject({
        jurisdiction: z.string(),
        id: z.string(),
        version: z.number(),
        validFrom: unixSeconds,
        state: z.enum(['held', 'missing', 'ended']),
        semver: z.string().nullable(),
        fault: z.string().nullable(),
      }),
    ),
    successor: z.strictObject({ chainId: z.string(), registry: z.string() }).nullable(),
  })
  .meta({ id: 'TrustReport' });

export const TRUST_LOG = z
  .strictObject({
    source: chainSource,
    logs: z.array(z.strictObject({ topics: z.array(z.string()), data: z.string() })),
  })
  .meta({ id: 'TrustLog' });

const ageLimits = z.strictObject({ warnSeconds: z.number(), refuseSeconds: z.number() });
const silenceLimits = z.strictObject({ warnSeconds: z.number() });

/** Times in seconds. */
const POLICY = z.strictObject({
  trustAge: ageLimits.extend({ jurisdictions: z.record(z.string(), ageLimits.partial()) }),
  issuerSilence: silenceLimits.extend({ jurisdictions: z.record(z.string(), silenceLimits.partial()) }),
  acceptedJurisdictions: z.array(z.string()).nullable(),
  acceptedProfiles: z.array(z.enum(['pass', 'pass-plus'])).nullable(),
  named: z.boolean(),
  holder: z.enum(['signature', 'proof']),
});

export const VENUE = z
  .strictObject({
    now: unixSeconds.meta({ description: "This machine's clock." }),
    rules: z.string().meta({ description: 'The rule set of this venue; `none` where a scanner may choose.' }),
    allowUnanchored: z.boolean(),
    policy: POLICY.nullable(),
    ruleFiles: z.array(z.string()).meta({
      description: 'Texts of rule sets and value sets; only those whose digests are published count.',
    }),
    asks: z
      .strictObject({ purpose: z.string(), profiles: z.array(z.enum(['pass', 'pass-plus'])) })
      .nullable()
      .meta({ description: 'What holders are asked for; null where nobody is asked.' }),
    withdrawnSetups: z.array(z.string()).meta({ description: 'Ids of set-up codes that count no more.' }),
  })
  .meta({ id: 'Venue' });

export const STATE = z.strictObject({ status: z.enum(['ok', 'ready']) }).meta({ id: 'State' });

/** RFC 9457. */
export const PROBLEM = problemSchema(PROBLEM_CODES);
