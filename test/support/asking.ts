import { didJwkFromKey } from '../../credential/did-jwk.ts';
import { inflateRawNode } from '../../credential/deflate-node.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { encodeCardUri } from '../../credential/shc-uri.ts';
import { holderRequests } from '../../verifier/node/holder-requests.ts';
import type { HolderRequests } from '../../verifier/node/holder-requests.ts';
import { judgeAnswer } from '../../verifier/node/judge-answer.ts';
import type { TrustedVenue } from '../../verifier/pipeline/trust-document.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import { readRequest } from '../../wallet/asking/read-request.ts';
import type { ReadRequest, RequestCode } from '../../wallet/asking/read-request.ts';
import { answerRequest } from '../../wallet/asking/answer-request.ts';
import type { RequestAnswer } from '../../wallet/asking/answer-request.ts';
import { judgePass, passId } from '../../wallet/passes/judged-pass.ts';
import type { WalletTrust } from '../../wallet/passes/judged-pass.ts';
import type { KeptPass } from '../../wallet/passes/kept-pass.ts';
import type { HolderKey } from '../../wallet/vault/holder-key.ts';
import {
  anchoredBits,
  anchoredTrust,
  JURISDICTION,
  mintPass,
  newKey,
  NOW,
  pass,
  trustDocument,
  trustedKey,
} from './cards.ts';
import type { TestKey } from './cards.ts';
import { listOf } from './lists.ts';
import { mintVc } from './presentations.ts';

export const RESPONSE_URI = 'https://venue.example/presentations';

export const issuer = newKey();
export const venueKey = newKey();
export const holderKey = newKey();

/** The arena that asks in these tests, as its jurisdiction registered it. */
export const ARENA: TrustedVenue = {
  id: 1,
  did: didJwkFromKey(venueKey),
  name: 'Arena of Nowhere',
  jurisdiction: JURISDICTION.code,
  status: 'active',
};

export function trustWith(venues: readonly TrustedVenue[] = [ARENA]): Trust {
  const { data, anchor } = anchoredBits(issuer, listOf(1, []));
  const keys = [trustedKey(issuer, { revocation: 'bits' })];
  return anchoredTrust(trustDocument({ keys, venues, lists: [data], anchors: [anchor] }));
}

export function walletTrust(trust: Trust = trustWith(), now = NOW): WalletTrust {
  return { trust, now, allowUnanchored: false };
}

/** A verifier whose clock a test may move. */
export interface TestVerifier {
  readonly requests: HolderRequests;
  readonly clock: { now: number };
  readonly judge: (text: string) => Promise<readonly string[]>;
}

export function verifier(key: TestKey = venueKey, clock = { now: NOW }): TestVerifier {
  const requests = holderRequests({
    key,
    purpose: 'Entry to the concert',
    profiles: ['pass'],
    clock: () => clock.now,
  });
  const venue = {
    trust: () => trustWith(),
    terms: ({ rules = 'none' }: { readonly rules?: string | undefined }) => ({
      now: clock.now,
      allowUnanchored: false,
      rules,
    }),
  };
  const judge = async (text: string): Promise<readonly string[]> =>
    (await judgeAnswer(text, venue, requests)).decisions.flatMap(({ codes }) => codes);
  return { requests, clock, judge };
}

export function holderOf(key: TestKey = holderKey): HolderKey {
  return { did: didJwkFromKey(key), sign: (data) => Promise.resolve(key.sign(data)) };
}

/** A Pass bound to a holder, as the wallet keeps it. */
export async function boundPass(
  form: 'qr' | 'vc' = 'qr',
  holder: string | undefined = didJwkFromKey(holderKey),
): Promise<KeptPass> {
  const text = form === 'qr' ? mintPass(issuer, { holder }) : mintVc(issuer, pass({ holder }));
  const scheme = form === 'qr' ? 'pratique' : null;
  const evidence = scheme === null ? { text } : { text, scheme: 'pratique' as const };
  const { facts } = await judgePass(evidence, walletTrust(), { inflate: inflateRawNode });
  return { id: passId(evidence), text, scheme, addedAt: NOW, facts };
}

export async function read(
  text: string,
  trust: WalletTrust = walletTrust(),
): Promise<ReadRequest | RequestCode> {
  return readRequest(text, trust, importEs256Key);
}

/** A request that reads well. */
export async function readWell(text: string, trust?: WalletTrust): Promise<ReadRequest> {
  const found = await read(text, trust);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

/** The holder's answer to what a verifier asks. */
export async function answerTo(
  { requests }: Pick<TestVerifier, 'requests'>,
  given: { readonly kept?: KeptPass; readonly holder?: HolderKey; readonly now?: number } = {},
): Promise<RequestAnswer> {
  const { request } = await readWell(requests.open({ responseUri: RESPONSE_URI }).request);
  const offer = { pass: given.kept ?? (await boundPass()), queryId: 'pass' };
  return answerRequest(request, offer, given.holder ?? holderOf(), given.now ?? NOW);
}

/** The `vp+jwt` of an answer. */
export function presentationOf({ form }: RequestAnswer): string {
  const tokens = JSON.parse(form.get('vp_token') ?? '') as Record<string, string[]>;
  return tokens['pass']?.[0] ?? '';
}

/** The QR text of the card itself. */
export const cardText = ({ text }: KeptPass): string => encodeCardUri(text, 'pratique');
