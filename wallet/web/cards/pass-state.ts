import { parseCompactJws } from '../../../credential/jws.ts';
import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import { SPECIMEN_KIDS } from '../../../verifier/web/parts/specimen.ts';
import { symbolNode } from '../../../verifier/web/parts/symbol.ts';
import type { ShownPass } from '../../passes/pass-box.ts';
import type { KeptPass } from '../../passes/kept-pass.ts';
import type { Standing } from '../../passes/standing.ts';
import type { Speaker } from '../wallet-words.ts';
import type { PassWords } from '../words/passes/table.ts';

/** How a pass stands, as it is shown: in one word beside a colour and a symbol. */
export type PassState = Standing | 'superseded' | 'specimen';

/** What each state looks like: `tone` is its colour, which never stands alone. */
const LOOKS: Readonly<
  Record<PassState, { readonly symbol: string; readonly tone: Tone; readonly word: keyof PassWords }>
> = {
  good: { symbol: '✓', tone: 'good', word: 'stateGood' },
  'not-yet-valid': { symbol: '◷', tone: 'wait', word: 'stateNotYet' },
  expired: { symbol: '✗', tone: 'bad', word: 'stateExpired' },
  revoked: { symbol: '✗', tone: 'bad', word: 'stateRevoked' },
  refused: { symbol: '✗', tone: 'bad', word: 'stateRefused' },
  unchecked: { symbol: '?', tone: 'wait', word: 'stateUnchecked' },
  superseded: { symbol: '→', tone: 'plain', word: 'stateSuperseded' },
  apart: { symbol: '–', tone: 'plain', word: 'stateApart' },
  specimen: { symbol: '–', tone: 'plain', word: 'stateSpecimen' },
};

type Tone = 'good' | 'bad' | 'wait' | 'plain';

/** The one thing to say of a pass first. What everybody has to practise with is never valid. */
export function stateOf({ pass, standing, supersededBy }: ShownPass): PassState {
  if (isSpecimen(pass)) return 'specimen';
  return standing === 'good' && supersededBy !== null ? 'superseded' : standing;
}

function isSpecimen({ text }: KeptPass): boolean {
  return SPECIMEN_KIDS.has(parseCompactJws(text).header.kid);
}

/** The state as colour, symbol and word. */
export function stateChip(state: PassState, { say }: Speaker): HTMLElement {
  const { symbol, tone, word } = LOOKS[state];
  return element(
    'p',
    { class: `state state-${tone}`, 'data-state': state },
    symbolNode(symbol, 'state-symbol'),
    element('strong', {}, saidNode(say(word))),
  );
}
