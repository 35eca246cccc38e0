import { inflateRawNode } from '../../../credential/deflate-node.ts';
import { didJwkFromKey } from '../../../credential/did-jwk.ts';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { holderRequests } from '../../../verifier/node/holder-requests.ts';
import { serve } from '../../../verifier/node/http/serve.ts';
import type { ServeOptions } from '../../../verifier/node/http/serve.ts';
import type { RawLog } from '../../../verifier/pipeline/registry-log.ts';
import { addPasses } from '../../../wallet/passes/pass-box.ts';
import { holderKeyOf } from '../../../wallet/vault/holder-key.ts';
import type { OpenVault } from '../../../wallet/vault/open-vault.ts';
import { DAY, mintPass, newKey } from '../../support/cards.ts';
import type { TestKey } from '../../support/cards.ts';
import { registryLog, venueRegistered, venueStatusChanged } from '../../verifier/registry-events.ts';
import { EVENTS, LISTED, NOW, venueOf } from '../venue.ts';

/** The arena, which its jurisdiction registered. */
export const ARENA = newKey();
/** A bar whose registration was withdrawn. */
export const BAR = newKey();
/** Somebody whom nobody registered. */
export const NOBODY = newKey();

/** The log of a registry that knows both. */
export const VENUE_LOG: readonly RawLog[] = registryLog(
  ...EVENTS,
  venueRegistered({ id: 1, did: didJwkFromKey(ARENA), name: 'Arena of Nowhere' }),
  venueRegistered({ id: 2, did: didJwkFromKey(BAR), name: 'Bar <b>‮evil' }),
  venueStatusChanged(3, 2),
);

/** A node that asks. */
export interface AskingNode {
  readonly url: string;
  /** Makes a question; answers the text of its code, and how to ask what became of it. */
  readonly ask: () => Promise<{ readonly request: string; readonly codes: () => Promise<unknown> }>;
  /** Has it judge the text of an answer's code. */
  readonly judge: (answer: string) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

/** Start a node that asks in the name of that key; its clock runs so many seconds behind. */
export async function askingNode(
  key: TestKey,
  {
    purpose = 'Entry to the concert',
    behind = 0,
    served = {},
    name,
  }: {
    readonly purpose?: string;
    readonly behind?: number;
    readonly served?: ServeOptions;
    /** Under which the browser reaches it, over TLS. */
    readonly name?: string;
  } = {},
): Promise<AskingNode> {
  const clock = (): number => Date.now() / 1000 - behind;
  const requests = holderRequests({ key, purpose, profiles: ['pass'], clock });
  const node = await serve(venueOf({ logs: VENUE_LOG }), { threads: 0, requests, ...served });
  const { port } = new URL(node.url);
  const post = async (path: string, json: object): Promise<unknown> => {
    const response = await fetch(`${node.url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(json),
    });
    return response.json();
  };
  return {
    url: name === undefined ? node.url : `https://${name}:${port}`,
    ask: async () => {
      if (name !== undefined) {
        const responseUri = `https://${name}:${port}/presentations`;
        const { id, request } = requests.open({ responseUri });
        const codes = (): Promise<unknown> => {
          const state = requests.stateOf(id);
          return Promise.resolve(
            state?.state === 'answered'
              ? state.decisions.flatMap((decision) => decision.codes)
              : state?.state,
          );
        };
        return { request, codes };
      }
      const { id, request } = (await post('/requests', {})) as {
        readonly id: string;
        readonly request: string;
      };
      return {
        request,
        codes: async () => {
          const state = (await (await fetch(`${node.url}/requests/${id}`)).json()) as {
            readonly state: string;
            readonly answer: { readonly codes: unknown } | null;
          };
          return state.answer?.codes ?? state.state;
        },
      };
    },
    judge: async (answer) =>
      ((await post('/presentations', { answer })) as { readonly codes: unknown }).codes,
    stop: async () => node.stop(),
  };
}

/** Put Passes into a wallet, bound to its holder unless told, each verified as any other. */
export async function addBound(
  vault: OpenVault,
  people: readonly { readonly given: string; readonly family: string }[],
  { bound = true }: { readonly bound?: boolean } = {},
): Promise<void> {
  const { did } = await holderKeyOf(vault);
  for (const name of people) {
    const jws = mintPass(LISTED, {
      name: { family: name.family, given: [name.given] },
      holder: bound ? did : undefined,
      nbf: NOW - DAY,
      exp: NOW + 30 * DAY,
      rid: 'rid-1',
    });
    const trust = venueOf({ logs: VENUE_LOG }).trust();
    const [added] = await addPasses(
      vault,
      { text: encodeCardUri(jws, 'pratique') },
      { trust, now: NOW, allowUnanchored: false },
      { inflate: inflateRawNode, readPicture: () => Promise.resolve([]) },
    );
    if (added?.kind !== 'kept') throw new Error(`not kept: ${JSON.stringify(added)}`);
  }
}
