import { type BlockReading, readBlock, readCodeHash } from '../../contracts/header-reader.ts';
import type { RpcOptions } from '../../contracts/json-rpc.ts';
import { readChainId, readHead, type ReaderOptions } from '../../contracts/log-reader.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import type { EndpointFault, EndpointFaultCode } from './endpoint-fault.ts';

/** Chains without finality: so many blocks on top, and a block counts as final. */
const DEFAULT_CONFIRMATIONS = 12;

/** How the chain is asked. */
export interface QuorumPolicy {
  readonly rpcUrls: readonly string[];
  /** Endpoints that must tell the same; a majority by default. */
  readonly quorum?: number | undefined;
  /** Blocks on top after which a block is final, instead of the chain's own word for it. */
  readonly confirmations?: number | undefined;
  readonly timeoutMs?: number | undefined;
}

/** What was learned of the registry at first use, and holds from then on. */
export interface Pin {
  readonly chainId: number;
  /** Null if what was held came from a bundle, which does not say it. */
  readonly codeHash: string | null;
}

/** The registry at one block, as a quorum of endpoints tells it. */
export interface AgreedState {
  readonly block: BlockReading;
  readonly codeHash: string;
  readonly head: string;
  readonly size: number;
  /** The endpoints that told so. */
  readonly rpcUrls: readonly string[];
}

/** What a quorum says of the registry. */
export interface ChainAgreement {
  readonly chainId: number;
  readonly final: AgreedState;
  /** The newest block that a quorum knows; undefined if they do not agree on it yet. */
  readonly newest: AgreedState | undefined;
  readonly faults: readonly EndpointFault[];
}

interface Probe {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly latest: number;
  readonly final: number;
}

/**
 * Ask every endpoint for the registry's head, and take what a quorum tells: at the newest block that a quorum calls
 * final, and at the newest that a quorum knows.
 *
 * One endpoint that lies, lags, hangs or serves another chain is named and not counted. A quorum that lies is believed:
 * choose endpoints of different operators.
 *
 * @throws TrustError QUORUM_MISSING, with the faults, if too few agree; of a single endpoint the RegistryError itself
 */
export async function agreeOnRegistry(
  policy: QuorumPolicy,
  registry: string,
  pin: Pin | undefined,
): Promise<ChainAgreement> {
  const rpcUrls = endpointsOf(policy);
  const need = quorumOf(policy);
  const options: RpcOptions = policy.timeoutMs === undefined ? {} : { timeoutMs: policy.timeoutMs };
  const faults = new Map<string, EndpointFaultCode>();

  const isAlone = rpcUrls.length === 1;
  const expected = isAlone && pin !== undefined ? { ...options, expectedChainId: pin.chainId } : options;
  const probes = await each(rpcUrls, faults, (rpcUrl) => probe(rpcUrl, policy, expected), isAlone);
  const chainId = pin?.chainId ?? mostNamed(probes.map((found) => found.chainId));
  const ofChain = probes.filter((found) =>
    keep(found.chainId === chainId, found.rpcUrl, 'WRONG_CHAIN', faults),
  );
  if (chainId === undefined || ofChain.length < need) throw noQuorum(need, faults);

  const agreeAt = async (number: number): Promise<AgreedState | undefined> => {
    const able = ofChain.filter(({ rpcUrl, latest }) => keep(latest >= number, rpcUrl, 'LAGGING', faults));
    const urls = able.map(({ rpcUrl }) => rpcUrl).filter((rpcUrl) => !faults.has(rpcUrl));
    const states = await each(urls, faults, (rpcUrl) => stateAt(rpcUrl, registry, number, options), isAlone);
    return majorityOf(states, need, pin, faults);
  };
  const finalNumber = nth(
    ofChain.map((found) => found.final),
    need,
  );
  const final = await agreeAt(finalNumber);
  if (final === undefined) throw noQuorum(need, faults);
  // Who told another final state, or gave none, has no say in what is newer.
  const claims = ofChain.filter(({ rpcUrl }) => final.rpcUrls.includes(rpcUrl)).map(({ latest }) => latest);
  const newest = await newestOf(agreeAt, { claims, need, final }, faults);
  return { chainId, final, newest, faults: named(faults) };
}

/**
 * How many endpoints must tell the same: more than half, since otherwise two groups could each tell something else and
 * both be believed.
 *
 * @throws RegistryError ARGUMENT_INVALID for a quorum that is less, or more than there are
 */
export function quorumOf(policy: QuorumPolicy): number {
  const count = endpointsOf(policy).length;
  const { quorum = Math.floor(count / 2) + 1 } = policy;
  if (quorum <= count / 2 || quorum > count) {
    throw new RegistryError(
      'ARGUMENT_INVALID',
      'The quorum is more than half of the endpoints, and at most all of them.',
    );
  }
  return quorum;
}

/** Each endpoint once, in however many spellings it is named: twice it would count twice. */
function endpointsOf({ rpcUrls }: Pick<QuorumPolicy, 'rpcUrls'>): readonly string[] {
  const canonical = rpcUrls.map(canonicalUrl);
  return rpcUrls.filter((_url, index) => canonical.indexOf(canonical[index] ?? '') === index);
}

function canonicalUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null) return text;
  url.hash = '';
  return url.href;
}

function isFirst<T>(item: T, index: number, items: readonly T[]): boolean {
  return items.indexOf(item) === index;
}

/** The error's list of what each endpoint did, for people and programs. */
export function named(faults: ReadonlyMap<string, EndpointFaultCode>): readonly EndpointFault[] {
  return [...faults].map(([rpcUrl, code]) => ({ endpoint: hostOf(rpcUrl), code }));
}

/**
 * The newest block on which a quorum agrees, from the highest that as many claim to know downwards: one that claims
 * blocks which nobody has must not hide what the others see. Undefined if they agree on none behind the final one.
 *
 * Not final, so endpoints may honestly differ for a moment: nobody is named for it.
 */
async function newestOf(
  agreeAt: (number: number) => Promise<AgreedState | undefined>,
  known: { readonly claims: readonly number[]; readonly need: number; readonly final: AgreedState },
  faults: Map<string, EndpointFaultCode>,
): Promise<AgreedState | undefined> {
  const { claims, need, final } = known;
  const highest = nth(claims, need);
  const numbers = claims.filter((number) => number <= highest).toSorted((one, other) => other - one);
  const before = new Map(faults);
  for (const number of numbers.filter(isFirst)) {
    if (number <= final.block.number) return final;
    const state = await agreeAt(number);
    faults.clear();
    for (const [rpcUrl, code] of before) faults.set(rpcUrl, code);
    if (state !== undefined) return state;
  }
  return undefined;
}

async function probe(rpcUrl: string, policy: QuorumPolicy, options: ReaderOptions): Promise<Probe> {
  const chainId = await readChainId(rpcUrl, options);
  const latest = await readBlock(rpcUrl, 'latest', options);
  if (latest === undefined) throw new RegistryError('CHAIN_ANSWER_INVALID', 'The node knows no block.');
  const finalized =
    policy.confirmations === undefined ? await readBlock(rpcUrl, 'finalized', options) : undefined;
  const counted = Math.max(0, latest.number - (policy.confirmations ?? DEFAULT_CONFIRMATIONS));
  return { rpcUrl, chainId, latest: latest.number, final: finalized?.number ?? counted };
}

async function stateAt(
  rpcUrl: string,
  registry: string,
  number: number,
  options: RpcOptions,
): Promise<AgreedState> {
  const block = await readBlock(rpcUrl, number, options);
  if (block === undefined) throw new RegistryError('CHAIN_UNAVAILABLE', 'The node does not have the block.');
  const codeHash = await readCodeHash(rpcUrl, registry, number, options);
  if (codeHash === undefined) {
    throw new RegistryError(
      'NO_REGISTRY',
      `There is no registry at ${registry} at block ${number}, the newest that counts as final. If it is new, wait, or say by --confirmations how many blocks on top are enough.`,
    );
  }
  const { head, size } = await readHead(rpcUrl, registry, number, options);
  return { block, codeHash, head, size, rpcUrls: [rpcUrl] };
}

/** What at least `need` endpoints told alike; who told something else is named. */
function majorityOf(
  states: readonly AgreedState[],
  need: number,
  pin: Pin | undefined,
  faults: Map<string, EndpointFaultCode>,
): AgreedState | undefined {
  const fitting = states.filter(({ codeHash, rpcUrls: [rpcUrl = ''] }) =>
    keep((pin?.codeHash ?? codeHash) === codeHash, rpcUrl, 'CODE_DIFFERS', faults),
  );
  const groups = Map.groupBy(fitting, wordsOf);
  const largest = [...groups.values()].toSorted((one, other) => other.length - one.length)[0];
  const agreeing = largest !== undefined && largest.length >= need ? largest : undefined;
  const [first] = agreeing ?? [];
  if (agreeing === undefined || first === undefined) {
    // Nobody knows who lies: each is named for not agreeing.
    for (const state of fitting) keep(false, state.rpcUrls[0] ?? '', 'HEAD_DIFFERS', faults);
    return undefined;
  }
  for (const state of fitting) {
    if (wordsOf(state) !== wordsOf(first))
      keep(false, state.rpcUrls[0] ?? '', differenceOf(state, first), faults);
  }
  return { ...first, rpcUrls: agreeing.flatMap(({ rpcUrls }) => rpcUrls) };
}

function wordsOf({ block, codeHash, head, size }: AgreedState): string {
  return JSON.stringify([block.hash, block.time, codeHash, head, size]);
}

function differenceOf(state: AgreedState, agreed: AgreedState): EndpointFaultCode {
  if (state.codeHash !== agreed.codeHash) return 'CODE_DIFFERS';
  return state.block.hash === agreed.block.hash ? 'HEAD_DIFFERS' : 'BLOCK_DIFFERS';
}

/** The answers of those endpoints that gave one; the others are named. */
async function each<Answer>(
  rpcUrls: readonly string[],
  faults: Map<string, EndpointFaultCode>,
  ask: (rpcUrl: string) => Promise<Answer>,
  /** With nobody beside it, what it did is the answer. */
  isAlone: boolean,
): Promise<readonly Answer[]> {
  const answers = await Promise.all(
    rpcUrls.map(async (rpcUrl) => {
      try {
        return [await ask(rpcUrl)];
      } catch (error) {
        if (!(error instanceof RegistryError) || isAlone) throw error;
        faults.set(rpcUrl, faultOf(error));
        return [];
      }
    }),
  );
  return answers.flat();
}

function faultOf({ code }: RegistryError): EndpointFaultCode {
  if (code === 'NO_REGISTRY' || code === 'WRONG_CHAIN') return code;
  return code === 'CHAIN_UNAVAILABLE' ? 'UNREACHABLE' : 'ANSWER_INVALID';
}

function keep(
  holds: boolean,
  rpcUrl: string,
  code: EndpointFaultCode,
  faults: Map<string, EndpointFaultCode>,
): boolean {
  if (!holds && !faults.has(rpcUrl)) faults.set(rpcUrl, code);
  return holds;
}

/** The largest number that at least `count` of them reach. */
function nth(numbers: readonly number[], count: number): number {
  return numbers.toSorted((one, other) => other - one)[count - 1] ?? 0;
}

function mostNamed(chainIds: readonly number[]): number | undefined {
  const groups = [...Map.groupBy(chainIds, (chainId) => chainId)];
  return groups.toSorted(([, one], [, other]) => other.length - one.length)[0]?.[0];
}

function noQuorum(need: number, faults: ReadonlyMap<string, EndpointFaultCode>): TrustError {
  const said = named(faults).map(({ endpoint, code }) => `${endpoint} ${code}`);
  return new TrustError(
    'QUORUM_MISSING',
    `Fewer than ${need} endpoints of the chain tell the same${said.length === 0 ? '' : `: ${said.join(', ')}`}.`,
  );
}

function hostOf(rpcUrl: string): string {
  return URL.parse(rpcUrl)?.host ?? 'an endpoint without a URL';
}
