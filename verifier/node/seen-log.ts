import { assertHead, replayLog } from '../pipeline/replay.ts';
import type { Replay } from '../pipeline/replay.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import type { AgreedState } from './chain-quorum.ts';
import { findLog } from './log-search.ts';
import type { LogSearch } from './log-search.ts';
import type { SeenLog, TrustState } from './trust-state.ts';

/**
 * What is to be held of the events behind the final ones: what a quorum shows now; and if it shows nothing so new as
 * what was seen before, that. Only what lowers trust counts of it, so keeping it is safe, and forgetting it would let
 * whoever silences one endpoint lift a suspension. A quorum that shows the block anew, without the events, takes them
 * back: that is a reorganisation.
 */
export async function seenLog(
  search: LogSearch,
  now: { readonly final: AgreedState; readonly newest: AgreedState | undefined; readonly replay: Replay },
  held: TrustState | undefined,
): Promise<SeenLog | null> {
  const { final, newest, replay } = now;
  const before = held?.seen ?? null;
  const isNewer = newest !== undefined && newest.block.number >= (before?.block.number ?? 0);
  const shown = isNewer ? await shownLog(search, { final, newest, replay }) : null;
  return shown ?? keptLog(before, held, { final, replay });
}

async function shownLog(
  search: LogSearch,
  {
    final,
    newest,
    replay,
  }: { readonly final: AgreedState; readonly newest: AgreedState; readonly replay: Replay },
): Promise<SeenLog | null> {
  const { head, size, block } = newest;
  if (block.number <= final.block.number) return null;
  try {
    const base = { logs: [], replay, block: final.block.number };
    const { logs } = await findLog({ ...search, sources: [] }, newest, base);
    return { head, size, block, logs };
  } catch (error) {
    if (error instanceof TrustError) return null;
    throw error;
  }
}

/** What of the events seen before lies behind the new final ones, if it goes on from them. */
function keptLog(
  before: SeenLog | null,
  held: TrustState | undefined,
  { final, replay }: { readonly final: AgreedState; readonly replay: Replay },
): SeenLog | null {
  if (before === null || held === undefined || final.block.number >= before.block.number) return null;
  const logs = before.logs.slice(final.size - held.source.size);
  try {
    assertHead(
      replayLog(logs, { chainId: held.source.chainId, registry: held.source.registry }, replay),
      before,
    );
    return { ...before, logs };
  } catch (error) {
    if (error instanceof TrustError) return null;
    throw error;
  }
}
