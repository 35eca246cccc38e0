import { element } from '../../../verifier/web/parts/element.ts';
import { pendingRetrieval } from '../../retrieval/kept-retrieval.ts';
import { readOfferedIssuers } from '../../retrieval/offered-issuers.ts';
import type { OfferedIssuer } from '../../retrieval/offered-issuers.ts';
import type { View, Wallet } from '../context.ts';
import { showStep } from './parts.ts';
import { codeStep } from './retrieve/code-step.ts';
import { correctionList } from './retrieve/correction-list.ts';
import { correctionStep } from './retrieve/correction-step.ts';
import { serviceAt } from './retrieve/flow.ts';
import type { Flow } from './retrieve/flow.ts';
import { isTrial, issuerStep } from './retrieve/issuer-step.ts';
import { outcomeStep } from './retrieve/outcome-step.ts';
import { personStep } from './retrieve/person-step.ts';

/** The wallet's own server says at once whom it names, or is away. */
const OFFER_MILLISECONDS = 5000;

/** Get passes from an issuer, step by step; a code that is on its way is waited for where it was left. */
export function retrieveView(wallet: Wallet): View {
  const root = element('div', { class: 'stage retrieve' });
  let isLeft = false;
  let endStep = (): void => undefined;
  let offered: readonly OfferedIssuer[] = [];
  const typed: Flow['typed'] = { person: undefined };
  /** What a step left behind ends before the next begins. */
  const next = (make: () => readonly (Node | undefined)[]): void => {
    endStep();
    endStep = () => undefined;
    showStep(root, ...make());
  };
  const flow: Flow = {
    root,
    wallet,
    typed,
    offered: () => offered,
    service: (issuer) => serviceAt(issuer, wallet),
    toIssuer: () => {
      next(() => [...issuerStep(flow), correctionList(flow)]);
    },
    toPerson: (issuer) => {
      next(() => personStep(flow, issuer));
    },
    toCode: (pending) => {
      next(() => codeStep(flow, pending));
    },
    toOutcomes: (outcomes, pending) => {
      next(() => outcomeStep(flow, outcomes, pending));
    },
    toCorrection: (issuer, retrieval) => {
      next(() => correctionStep(flow, issuer, retrieval));
    },
    isLeft: () => isLeft,
    whileHere: (stop) => {
      endStep = stop;
    },
  };
  void wallet.attempt(async () => {
    const pending = pendingRetrieval(wallet.vault, wallet.now());
    if (pending !== undefined) flow.toCode(pending);
    offered = await offers();
    if (!isLeft && pending === undefined) flow.toIssuer();
  });
  return {
    title: wallet.speaker.say('retrieve'),
    root,
    stop: () => {
      isLeft = true;
      typed.person = undefined;
      endStep();
    },
  };
}

/** Whom the wallet's own server names; nobody while it is away: an address can be typed all the same. */
async function offers(): Promise<readonly OfferedIssuer[]> {
  try {
    const response = await fetch('/wallet', {
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(OFFER_MILLISECONDS),
    });
    return response.ok ? readOfferedIssuers(await response.json(), isTrial()) : [];
  } catch {
    return [];
  }
}
