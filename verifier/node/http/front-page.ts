import type { ApiInfo } from '../../http/openapi.ts';
import type { TrustReport } from '../venue.ts';

/** What stands at / while no other page is installed: what this is, and how fresh its knowledge. */
export function frontPage(
  { title, description }: Pick<ApiInfo, 'title' | 'description'>,
  report: TrustReport,
): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<h1>${title}</h1>
<p>${description}</p>
<p>${knowledge(report)}</p>
<p><a href="/trust">Trust data</a> · <a href="/openapi.json">Interface</a></p>
</html>
`;
}

function knowledge({ state, ageSeconds, freshness, anchored }: TrustReport): string {
  if (state === 'missing') return 'There is no trust data here yet: every card is undetermined.';
  if (state === 'invalid') return 'The trust data here is damaged or false: every card is undetermined.';
  const age = ageSeconds === null ? 'of unknown age' : `${Math.round(ageSeconds / 60)} minutes old`;
  return `The trust data is ${age} (${freshness ?? 'unknown'}) and ${anchored ? 'anchored on a chain' : 'not tied to a chain'}.`;
}
