import assert from 'node:assert/strict';
import type { RawLog } from '../../../../verifier/pipeline/registry-log.ts';
import { replayLog } from '../../../../verifier/pipeline/replay.ts';
import type { ReplayedTrust } from '../../../../verifier/pipeline/replay.ts';
import { CHAIN, registryLog } from '../../registry-events.ts';

/** Events that take their places in the log as they come. */
export type Events = readonly ((seq: number) => RawLog)[];

/** What a log of these events tells. */
export function replayed(...events: Events): ReplayedTrust {
  return replayLog(registryLog(...events), CHAIN).trust;
}

/** The events are fine but for the last one, which the contract cannot emit after them. */
export function refusesLast(...events: Events): void {
  replayed(...events.slice(0, -1));
  assert.throws(() => replayed(...events), { name: 'TrustError', code: 'LOG_MALFORMED' });
}
