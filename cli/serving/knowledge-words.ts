import type { TrustReport } from '../../verifier/node/venue.ts';
import { moment } from '../trust/federation-words.ts';
import type { ServingOptions } from './options.ts';

/** What a node holds when it starts, and what to do where that is not enough to decide by. */
export function knowledgeLines(report: TrustReport, options: ServingOptions): readonly string[] {
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
