import type { LiveVenue } from '../../verifier/node/live-trust.ts';
import { knowledgeLines } from '../serving/knowledge-words.ts';
import type { ServedTls } from '../serving/tls.ts';
import { setAsideLines } from '../trust/federation-words.ts';
import type { ServeOptions } from '../verifier.ts';
import { rulesStanding, standingLines } from './rules-standing.ts';

/** What a node says when it listens: one line of JSON, or for people where it is, what it holds, and what to do next. */
export function startWords(
  options: ServeOptions,
  venue: LiveVenue,
  {
    url,
    tls,
    did,
  }: {
    readonly url: string;
    readonly tls: ServedTls | undefined;
    /** In whose name holders are asked, if they are. */
    readonly did: string | undefined;
  },
): string {
  const report = venue.report();
  const { state, freshness, anchored } = report;
  const rules = rulesStanding(venue);
  if (options.json === true) return `${JSON.stringify({ url, state, freshness, anchored, rules, did })}\n`;
  const reached = tls?.origin(url) ?? url;
  return [
    ...setAsideLines({ setAside: venue.setAside, isFloorKnown: true }),
    `Listening on ${url}`,
    ...knowledgeLines(report, options),
    ...standingLines(rules),
    ...(tls?.lines(url) ?? []),
    ...(did === undefined ? [] : [`  asks       holders as ${did}`]),
    `  ask it     curl -H 'content-type: application/json' -d '{"credential":"shc:/…"}' ${reached}/verify`,
    '  stop       Ctrl-C',
    '',
  ].join('\n');
}
