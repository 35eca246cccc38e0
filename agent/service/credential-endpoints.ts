import { z } from 'zod/v4';
import type { Request } from 'express';
import { encodeDeepLink } from '../../credential/deep-link.ts';
import { VC_CONTEXT } from '../../credential/verifiable-credential.ts';
import { mediaGuard } from '../../verifier/http/body.ts';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
import { readJson } from '../../verifier/http/json-body.ts';
import { Problem } from '../../verifier/http/problem.ts';
import type { SignedForms } from '../card-signer.ts';
import { REVOCATION_REASONS, type CardRecord } from '../card-record.ts';
import type { Issuer } from '../issuer.ts';
import type { Operation } from '../issuer-store.ts';
import { PRODUCTS, type ProductName } from '../products.ts';
import type { Aside } from '../status-ledger.ts';
import { assertBindable } from './bindable.ts';
import { CARD_FILE, CARD_FILE_TYPE, sendCardFile, wantsCardFile } from './card-file.ts';
import { IDEMPOTENCY_HEADER, type Answer, type Effect, type Idempotency } from './idempotency.ts';
import { problemOf, PROBLEMS } from './problems.ts';
import type { Client } from './clients.ts';
import type { ServiceMetrics } from './metrics.ts';
import type { Quotas, Spent } from './quotas.ts';
import type { ReadBody } from './read-body.ts';
import { clientOf, needs, type WhoAsks } from './who-asks.ts';

const JSON_TYPE = 'application/json';

const ISSUE_REQUEST = z.strictObject({
  credential: z
    .strictObject({
      '@context': z.array(z.unknown()).optional(),
      type: z.array(z.string()).optional(),
      issuer: z.string().optional().meta({ description: 'This issuer, if it is said at all.' }),
      credentialSubject: z.strictObject({
        id: z.string().max(1000).optional().meta({ description: 'DID of the holder, to bind a Pass to it.' }),
        fhirBundle: z
          .record(z.string(), z.unknown())
          .meta({ description: 'FHIR R4: the record of one person.' }),
      }),
    })
    .meta({ description: 'What is to be said; what ends it, and when, the product says.' }),
  options: z.strictObject({
    product: z.enum(Object.keys(PRODUCTS) as [ProductName, ...ProductName[]]),
    replaces: z
      .string()
      .max(100)
      .optional()
      .meta({ description: 'Id of a card of the same person that this one supersedes.' }),
  }),
});

/** A card in all its forms. */
export const ISSUE_ANSWER = z
  .strictObject({
    verifiableCredential: z.strictObject({
      '@context': z.string(),
      type: z.literal('EnvelopedVerifiableCredential'),
      id: z.string(),
    }),
    card: z.strictObject({
      id: z.string(),
      kid: z.string(),
      rid: z.string(),
      product: z.string().optional(),
      issuedAt: z.number(),
      jws: z.string(),
      fitsQr: z.boolean(),
      legacyVc: z.string(),
      deepLink: z.string().optional().meta({
        description: 'Of a health card, where a wallet is known to this issuer: what hands the card to it.',
      }),
    }),
  })
  .meta({ id: 'IssuedCredential' });

const STATUS_REQUEST = z.strictObject({
  credentialId: z.string().max(100),
  credentialStatus: z
    .array(
      z.strictObject({
        type: z.literal('BitstringStatusListEntry'),
        statusPurpose: z.literal('revocation'),
        status: z.union([z.boolean(), z.enum(['0', '1'])]),
      }),
    )
    .length(1),
  reason: z.enum(REVOCATION_REASONS).optional(),
});

const STATUS_ANSWER = z
  .strictObject({ id: z.string(), kid: z.string(), rid: z.string(), status: z.literal('revoked') })
  .meta({ id: 'CredentialStatus' });

/** What the addresses that issue and revoke need. */
export interface CredentialEnvironment extends WhoAsks {
  readonly issuer: Issuer;
  readonly once: Idempotency;
  readonly quotas: Quotas;
  readonly metrics: ServiceMetrics;
  readonly readBody: ReadBody;
  /** Base address of the deep links of a wallet (SMART Health Cards, "via Deep Link"). */
  readonly wallet?: string | undefined;
}

/** `POST /credentials/issue` and `POST /credentials/status` (VCALM, sections 3.2.1 and 3.2.3). */
export function credentialEndpoints(environment: CredentialEnvironment): readonly Endpoint[] {
  const common = [
    PROBLEMS.REQUEST_INCOMPLETE,
    PROBLEMS.JSON_INVALID,
    PROBLEMS.BODY_INVALID,
    PROBLEMS.IDEMPOTENCY_KEY_INVALID,
    PROBLEMS.UNAUTHORIZED,
    PROBLEMS.SCOPE_MISSING,
    PROBLEMS.ORIGIN_NOT_ALLOWED,
    PROBLEMS.CARD_UNKNOWN,
    PROBLEMS.RID_AMBIGUOUS,
    PROBLEMS.BODY_TOO_LARGE,
    PROBLEMS.CONTENT_TYPE_UNSUPPORTED,
    PROBLEMS.IDEMPOTENCY_KEY_REUSED,
    PROBLEMS.QUOTA_REACHED,
    PROBLEMS.NOT_READY,
    PROBLEMS.STORE_UNAVAILABLE,
    PROBLEMS.BUSY,
  ];
  return [
    {
      method: 'post',
      path: '/credentials/issue',
      summary: 'Issue one of the six products from a FHIR bundle, in all forms, each verified after signing.',
      headers: IDEMPOTENCY_HEADER,
      takes: { [JSON_TYPE]: ISSUE_REQUEST },
      gives: { [JSON_TYPE]: ISSUE_ANSWER, [CARD_FILE_TYPE]: CARD_FILE },
      status: 201,
      problems: [
        ...common,
        PROBLEMS.RECORD_INVALID,
        PROBLEMS.NOT_QUALIFIED,
        PROBLEMS.NOT_PLAUSIBLE,
        PROBLEMS.OTHER_PERSON,
        PROBLEMS.CARD_TOO_LARGE,
        PROBLEMS.NO_CARD_FILE,
        PROBLEMS.HOLDER_INVALID,
        PROBLEMS.HOLDER_NOT_BOUND,
      ],
      handlers: [
        mediaGuard([JSON_TYPE]),
        needs(environment, 'issue'),
        async (request, response) => {
          const asFile = wantsCardFile(request);
          const effect = (json: unknown, client: Client): Effect =>
            issueEffect(environment, json, { client, asFile });
          const { status, body } = await answeredOnce(environment, request, effect);
          if (asFile) sendCardFile(response.status(status), [ISSUE_ANSWER.parse(body).card.jws]);
          else response.status(status).json(body);
        },
      ],
    },
    {
      method: 'post',
      path: '/credentials/status',
      summary: 'Revoke a card, for good: what was revoked is issued anew, never re-instated.',
      headers: IDEMPOTENCY_HEADER,
      takes: { [JSON_TYPE]: STATUS_REQUEST },
      gives: { [JSON_TYPE]: STATUS_ANSWER },
      problems: [...common, PROBLEMS.NOT_REINSTATED],
      handlers: [
        mediaGuard([JSON_TYPE]),
        needs(environment, 'revoke'),
        async (request, response) => {
          const effect = (json: unknown, client: Client): Effect => statusEffect(environment, json, client);
          const { status, body } = await answeredOnce(environment, request, effect);
          response.status(status).json(body);
        },
      ],
    },
  ];
}

/** What an effect comes to, once; reads the body only after it is known who sends it. */
export async function answeredOnce(
  { once, readBody, clock, metrics }: CredentialEnvironment,
  request: Request,
  effectOf: (json: unknown, client: Client) => Effect,
): Promise<Answer> {
  const body = await readBody(request);
  const client = clientOf(request);
  const effect = effectOf(readJson(body), client);
  const key = request.headers['idempotency-key'];
  const asked = Buffer.concat([Buffer.from(`${request.path}\n`), body]);
  try {
    return await once.once(
      { client: client.id, key: Array.isArray(key) ? key.join() : key, asked, now: clock() },
      effect,
    );
  } catch (error) {
    const problem = problemOf(error);
    metrics.refused(problem);
    throw problem;
  }
}

function issueEffect(
  { issuer, clock, quotas, metrics, wallet }: CredentialEnvironment,
  json: unknown,
  { client, asFile }: { readonly client: Client; readonly asFile: boolean },
): Effect {
  const { data } = ISSUE_REQUEST.safeParse(json);
  if (data === undefined) throw new Problem(PROBLEMS.BODY_INVALID);
  const { credential, options } = data;
  const { id: holder, fhirBundle } = credential.credentialSubject;
  if (credential.issuer !== undefined && credential.issuer !== issuer.did)
    throw new Problem(PROBLEMS.BODY_INVALID);
  // A wallet for health cards would refuse a Pass: before there is one.
  if (asFile && PRODUCTS[options.product].profile !== 'pass-plus') throw new Problem(PROBLEMS.NO_CARD_FILE);
  if (holder !== undefined) assertBindable(options.product, holder);
  return async (keep) => {
    const now = clock();
    const issued = await quotas.spend({ client, kind: 'issue', now }, async (spent) =>
      issuer.issueProduct(options.product, fhirBundle, {
        now,
        ...(holder === undefined ? {} : { holder }),
        ...(options.replaces === undefined ? {} : { replaces: options.replaces }),
        also: (card) => askedBy(client, card.id, keep(201, answerOf(card, wallet)), spent()),
      }),
    );
    metrics.issued(options.product);
    return { status: 201, body: answerOf(issued, wallet) };
  };
}

/** What is written with an effect: its answer, on whose word it came, and what it cost of their quota. */
export function askedBy(
  { id: client }: Client,
  id: string,
  operations: readonly Operation[],
  { closing, audit }: Spent,
): Aside {
  return { operations, closing, audit: [{ kind: 'asked-by', client, id }, ...audit] };
}

/** The answer to whoever asked for a card. */
export function answerOf(card: CardRecord & SignedForms, wallet?: string): z.infer<typeof ISSUE_ANSWER> {
  const { id, kid, rid, product, profile, issuedAt, jws, fitsQr, vc, legacyVc } = card;
  const deepLink =
    wallet !== undefined && profile === 'pass-plus' ? encodeDeepLink([jws], wallet) : undefined;
  return {
    verifiableCredential: {
      '@context': VC_CONTEXT,
      type: 'EnvelopedVerifiableCredential',
      id: `data:application/vc+jwt,${vc}`,
    },
    card: {
      id,
      kid,
      rid,
      ...(product === undefined ? {} : { product }),
      issuedAt,
      jws,
      fitsQr,
      legacyVc,
      ...(deepLink === undefined ? {} : { deepLink }),
    },
  };
}

function statusEffect(
  { issuer, clock, quotas, metrics }: CredentialEnvironment,
  json: unknown,
  client: Client,
): Effect {
  const { data } = STATUS_REQUEST.safeParse(json);
  if (data === undefined) throw new Problem(PROBLEMS.BODY_INVALID);
  const { credentialId, credentialStatus, reason } = data;
  if (!credentialStatus.every(({ status }) => status === true || status === '1')) {
    throw new Problem(PROBLEMS.NOT_REINSTATED);
  }
  return async (keep) => {
    const now = clock();
    const revoked = await quotas.spend({ client, kind: 'revoke', now }, async (spent) =>
      issuer.revoke(credentialId, {
        now,
        ...(reason === undefined ? {} : { reason }),
        also: (card) => askedBy(client, card.id, keep(200, revokedAnswer(card)), spent()),
      }),
    );
    if (!revoked.already) metrics.revoked();
    return { status: 200, body: revokedAnswer(revoked) };
  };
}

function revokedAnswer({
  id,
  kid,
  rid,
}: Pick<CardRecord, 'id' | 'kid' | 'rid'>): z.infer<typeof STATUS_ANSWER> {
  return { id, kid, rid, status: 'revoked' };
}
