import type { Issuer } from '../../agent/issuer.ts';
import type { Leadership, Standing } from '../../agent/postgres/leader.ts';
import { failureOf } from '../exit.ts';
import { dailyAtLeast, keepAnchoring, teller, type LoopEvent } from './anchor-rounds.ts';
import { anchorRun, publishAnchored, type AnchorRun, type AnchorRunOptions } from './anchor-run.ts';
import type { SenderChoice } from './connect.ts';
import { anchoredKids } from './anchor.ts';

interface ServeAnchoringOptions extends Omit<AnchorRunOptions, 'unchanged' | 'assertTurn'> {
  readonly json?: boolean;
  /** Seconds; if not said, this server anchors nothing. */
  readonly every?: number;
}

/** Between two looks at what the others have anchored, of a server that never anchors, in seconds. */
const FOLLOW_EVERY = 2;

const WORDS: Readonly<Record<Standing, string>> = {
  leading: 'This agent anchors.',
  following: 'Another agent anchors; this one follows it.',
  'cut off': 'The database does not answer: nothing is anchored by this agent.',
};

/**
 * Anchors what has changed, again and again, in the folder that the server holds; of several agents on one database only the
 * leader does, and the others write for venues what it has anchored. What goes wrong is told, and tried again.
 */
export async function keepAnchored(
  issuer: Issuer,
  options: ServeAnchoringOptions,
  { sender, stop }: { readonly sender: SenderChoice | undefined; readonly stop: AbortSignal },
): Promise<void> {
  const { every } = options;
  const { shared } = issuer;
  const tell = teller(options, process.stderr);
  if (every === undefined && shared === undefined) return;
  const leadership =
    every === undefined ? undefined : shared?.lead((standing) => tell(standingEvent(standing)));
  const terms = { ...options, unchanged: dailyAtLeast(every ?? 0) };
  const anchor = async (assertTurn?: () => Promise<void>): Promise<AnchorRun> =>
    anchorRun(issuer, { ...terms, ...(assertTurn === undefined ? {} : { assertTurn }) }, sender);
  try {
    await keepAnchoring({
      every: every ?? FOLLOW_EVERY,
      stop,
      tell,
      look:
        shared === undefined
          ? async () => anchor()
          : sharedLook(issuer, { leadership, out: options.out, anchor }),
      // A PIN that is tried again and again locks the token.
      isHopeless: (code) => code.startsWith('PIN_'),
      ...(leadership === undefined ? {} : { hurry: () => leadership.change }),
    });
  } catch (error) {
    const { code, message } = failureOf(error);
    const words = `ALARM: ${code}: ${message} Nothing is anchored until the server is started again.`;
    tell({ event: 'failed', words, told: { code, message } });
  } finally {
    await leadership?.stop();
  }
}

/** What one of several agents does at each look. */
function sharedLook(
  issuer: Issuer,
  {
    leadership,
    out,
    anchor,
  }: {
    readonly leadership: Leadership | undefined;
    readonly out: string;
    readonly anchor: (assertTurn: () => Promise<void>) => Promise<AnchorRun>;
  },
): () => Promise<AnchorRun | undefined> {
  let published: string | undefined;
  return async () => {
    if (leadership?.standing === 'leading') return leadership.anchoring(anchor);
    // The lists that this server hands out must not stay behind those on the chain.
    const held = anchoredKids(issuer).map((kid) => `${kid}.${issuer.anchorOf(kid)?.counter ?? 0}`);
    const known = held.join(' ');
    if (known !== published) await publishAnchored(issuer, out);
    published = known;
    return undefined;
  };
}

function standingEvent(standing: Standing): LoopEvent {
  const event = ({ leading: 'leading', following: 'following', 'cut off': 'cut-off' } as const)[standing];
  return { event, words: WORDS[standing] };
}
