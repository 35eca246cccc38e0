import { setTimeout as sleep } from 'node:timers/promises';
import type { Issuer } from '../issuer.ts';
import { Corrections } from '../retrieval/corrections.ts';
import { RetrievalState, type RetrievalOptions } from '../retrieval/retrieval-state.ts';
import { RetrievalWorker, type WorkerOptions } from '../retrieval/retrieval-worker.ts';
import { RetrievedCards } from '../retrieval/retrieved-cards.ts';
import { Retrieval } from '../retrieval/retrieval.ts';
import type { Residents } from './residents.ts';

export interface ResidentsOptions extends Omit<WorkerOptions, 'issuer'>, RetrievalOptions {}

/** What residents do, and the work behind it. */
export interface OpenResidents {
  readonly residents: Residents;
  /** What is counted and kept. */
  readonly state: RetrievalState;
  /** Looks people up, sends codes and removes what is over, until told to stop. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

const SWEEP_MS = 60_000;

/** Opens what an issuer's store holds of retrievals. IssuerError STORE_DAMAGED, STORE_UNAVAILABLE. */
export async function openResidents(issuer: Issuer, options: ResidentsOptions): Promise<OpenResidents> {
  const state = await RetrievalState.open(issuer.service, options);
  const retrieval = new Retrieval(state);
  const corrections = new Corrections(state);
  const worker = new RetrievalWorker(state, { ...options, issuer: issuer.identity.name });
  const sweep = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      // A disk that is away for a moment keeps what is over a little longer.
      await Promise.all([state.expire(), corrections.expire()]).catch(() => undefined);
      await sleep(SWEEP_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  return {
    residents: { retrieval, corrections, cards: new RetrievedCards(issuer, retrieval, state) },
    state,
    run: async (signal) => {
      await Promise.all([worker.run(signal), sweep(signal)]);
    },
  };
}
