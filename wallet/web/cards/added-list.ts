import { isAnswer } from '../../../credential/compact-answer.ts';
import { isWebAddress } from '../../../credential/deep-link.ts';
import { trimSpace } from '../../../verifier/pipeline/input.ts';
import { explain, wordsOf } from '../../../verifier/pipeline/words.ts';
import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import { shownText } from '../../../verifier/web/parts/shown-text.ts';
import type { Said } from '../../../verifier/web/parts/speaker.ts';
import { symbolNode } from '../../../verifier/web/parts/symbol.ts';
import type { PassInput } from '../../passes/found-cards.ts';
import { shelfOf } from '../../passes/pass-box.ts';
import type { Added, ShownPass } from '../../passes/pass-box.ts';
import type { Wallet } from '../context.ts';
import type { Speaker } from '../wallet-words.ts';
import type { WalletWords } from '../words/table.ts';
import { passCard } from './pass-card.ts';

type RefusalCode = Extract<Added, { kind: 'refused' }>['codes'][number];

/** What a resident can do about each code. */
const NOW_WORDS: Readonly<Record<Exclude<RefusalCode, 'VALID'>, keyof WalletWords>> = {
  EXPIRED: 'nowAskIssuer',
  NOT_YET_VALID: 'nowWait',
  SIGNATURE_INVALID: 'nowForged',
  ISSUER_UNKNOWN: 'nowApart',
  ISSUER_SUSPENDED: 'nowAskIssuer',
  ISSUER_WITHDRAWN: 'nowAskIssuer',
  ISSUER_PENDING: 'nowAskIssuer',
  ISSUER_NOT_ACCREDITED_AT_ISSUANCE: 'nowAskIssuer',
  KEY_NOT_VALID_AT_ISSUANCE: 'nowAskIssuer',
  KEY_COMPROMISED: 'nowAskIssuer',
  REVOKED: 'nowAskIssuer',
  RULES_NOT_MET: 'nowAskIssuer',
  HOLDER_NOT_PROVEN: 'nowAskIssuer',
  TRUST_STALE: 'nowConnect',
  STATUS_STALE: 'nowConnect',
  CLOCK_BEHIND: 'clockOff',
  TRUST_MISSING: 'nowConnect',
  TRUST_INVALID: 'nowConnect',
  TRUST_UNANCHORED: 'nowConnect',
  STATUS_MISSING: 'nowConnect',
  STATUS_INVALID: 'nowConnect',
  RULES_UNAVAILABLE: 'nowConnect',
  SUBJECT_UNNAMED: 'nowAskIssuer',
  MALFORMED: 'nowRescan',
  UNSUPPORTED_FORMAT: 'nowOther',
  TOO_LARGE: 'nowOther',
  INCOMPLETE_QR: 'nowParts',
  INPUT_NOT_FOUND: 'nowRescan',
  WALLET_FULL: 'nowFull',
};

/** What to do about a pass that has these codes; nothing if all is well. */
export function nowWords(codes: readonly RefusalCode[], { say }: Speaker): readonly Said[] {
  const keys = codes.flatMap((code) => (code === 'VALID' ? [] : [NOW_WORDS[code]]));
  return [...new Set(keys)].map((key) => say(key));
}

/** Whether newer trust data could change the answer. */
export function isForWantOfTrust(added: readonly Added[]): boolean {
  return added.some(
    (one) =>
      one.kind === 'refused' &&
      one.codes.some((code) => code !== 'VALID' && NOW_WORDS[code] === 'nowConnect'),
  );
}

/** What became of each card of an input, in words, and what to do now. */
export function addedList(
  added: readonly Added[],
  passes: readonly ShownPass[],
  wallet: Wallet,
  input?: PassInput,
): HTMLElement {
  return element(
    'ul',
    { class: 'added' },
    ...added.map((one) =>
      element(
        'li',
        {},
        ...(one.kind === 'refused' ? refusal(one, wallet, input) : keptNodes(one, passes, wallet)),
      ),
    ),
  );
}

function keptNodes(
  one: Exclude<Added, { kind: 'refused' }>,
  passes: readonly ShownPass[],
  wallet: Wallet,
): readonly HTMLElement[] {
  const { speaker, vault } = wallet;
  const { say, language } = speaker;
  const id = one.kind === 'held' ? one.id : one.pass.id;
  const shown = passes.find(({ pass }) => pass.id === id);
  const label = shelfOf(vault).people.find((person) => person.passes.includes(id))?.label ?? '?';
  const said =
    one.kind === 'kept'
      ? // Isolated: a name may run from right to left.
        say('keptFor', { name: `\u2068${shownText(label)}\u2069` })
      : say(one.kind === 'held' ? 'heldAlready' : 'keptApart');
  const codes = shown?.decision.codes ?? [];
  const reasons =
    shown === undefined || shown.decision.outcome === 'accepted'
      ? []
      : explain(shown.decision, language.base);
  return [
    heading(one.kind === 'apart' ? '–' : '✓', one.kind, said),
    ...reasons.map(({ text }) => element('p', { lang: language.base }, text)),
    ...steps(codes, speaker),
    ...(shown === undefined ? [] : [passCard(shown, wallet)]),
  ];
}

function refusal(
  { codes }: Extract<Added, { kind: 'refused' }>,
  { speaker }: Wallet,
  input: PassInput | undefined,
): readonly HTMLElement[] {
  const { say, language } = speaker;
  const what = whatItIs(input);
  const reasons =
    what === undefined
      ? codes.map((code) =>
          code === 'WALLET_FULL'
            ? element('p', {}, saidNode(say('walletFull')))
            : element('p', { lang: language.base }, wordsOf(language.base).codes[code]),
        )
      : [element('p', {}, saidNode(say(what)))];
  return [
    heading('✗', 'refused', say('notKept')),
    ...reasons,
    ...steps(what === undefined ? codes : ['UNSUPPORTED_FORMAT'], speaker),
  ];
}

function heading(symbol: string, kind: string, said: Said): HTMLElement {
  return element(
    'h2',
    { class: `added-word added-${kind}`, 'data-added': kind },
    symbolNode(symbol, 'state-symbol'),
    element('span', {}, saidNode(said)),
  );
}

function steps(codes: readonly RefusalCode[], speaker: Speaker): readonly HTMLElement[] {
  const words = nowWords(codes, speaker);
  if (words.length === 0) return [];
  return [
    element('h3', { class: 'small' }, saidNode(speaker.say('whatNow'))),
    ...words.map((said) => element('p', {}, saidNode(said))),
  ];
}

/** What is no pass, but can be told for what it is. */
function whatItIs(input: PassInput | undefined): keyof WalletWords | undefined {
  if (input === undefined || 'file' in input) return undefined;
  if ('codes' in input && input.codes.length === 0) return 'pictureEmpty';
  const [text = '', ...others] = 'codes' in input ? input.codes : [trimSpace(input.text)];
  if (others.length > 0) return undefined;
  if (isAnswer(text)) return 'isAnswer';
  if (text.startsWith('pratique-setup:/')) return 'isSetup';
  return isWebAddress(text) && !/#(?:\{|%7B)/i.test(text) ? 'isAddress' : undefined;
}
