import type { LiveVenue } from '../../verifier/node/live-trust.ts';
import type { TrustReport } from '../../verifier/node/venue.ts';
import { moment, setAsideLines } from '../trust/federation-words.ts';
import type { ServeOptions } from '../verifier.ts';
import { rulesStanding, standingLines } from './rules-standing.ts';
import type { ServedTls } from './tls.ts';

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

function knowledgeLines(report: TrustReport, options: ServeOptions): readonly string[] {
  const { state, source, freshness, anchored, lists } = report;
  if (state === 'invalid') {
    return [
      '  holds      trust data that is damaged or false: every card is undetermined until it is replaced',
    ];
  }
  if (state === 'missing') {
    const next =
      options.trust !== undefined
        ? `there is no bundle at ${options.trust} yet`
        : options.rpc === undefined
          ? 'give --rpc and --registry, or fill the store with `pratique trust import`'
          : 'the first sync is on its way';
    return [`  holds      no trust data: every card is undetermined; ${next}`];
  }
  const from =
    source?.kind === 'chain'
      ? `of block ${source.block.number} (${moment(source.block.time)})`
      : 'that nobody ties to a chain';
  const current = lists.filter((list) => list.state === 'current').length;
  const isAllowed = anchored || options.allowUnanchored === true;
  return [
    `  holds      trust data ${from}, ${freshness ?? 'of unknown age'}; ${current} of ${lists.length} revocation lists`,
    ...(isAllowed
      ? []
      : [
          '  WARNING    Nobody vouches for this trust data: every card is undetermined (TRUST_UNANCHORED).',
          '             Say by --exporter whose bundles you believe, and ask them for their kid.',
        ]),
  ];
}
