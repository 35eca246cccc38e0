import pc from 'picocolors';
import type { CheckResult, Checks, Outcome } from '../../verifier/pipeline/decision.ts';
import { OUTCOME_SYMBOLS, sentencesOf, wordsOf } from '../../verifier/pipeline/words.ts';
import { ageWords } from '../../verifier/pipeline/words/age.ts';
import { messagesOf } from '../../verifier/pipeline/words/message.ts';
import { nextSteps } from '../../verifier/pipeline/words/next-steps.ts';
import type { WordTable } from '../../verifier/pipeline/words/table.ts';
import type { SourcedDecision } from '../../verifier/pipeline/verify-pieces.ts';
import type { Config } from '../config.ts';
import { cleanText, columnsOf, padColumns } from '../display.ts';

/** What a jurisdiction may say in one sentence of a rule set, and no more. */
const MAX_SENTENCE = 1000;

type Paint = (text: string) => string;
/** A name and what stands beside it in the next column. */
type Row = readonly [name: string, value: string];

/** Decisions as a person reads them in the terminal; more than one end with their count. */
export async function renderDecisions(
  decisions: readonly SourcedDecision[],
  config: Pick<Config, 'color' | 'language'>,
): Promise<string> {
  const lines = decisions.map((decision) => renderDecision(decision, config));
  if (decisions.length > 1) {
    const say = await messagesOf(config.language);
    const accepted = decisions.filter(({ outcome }) => outcome === 'accepted').length;
    lines.push(say('cards-decided', { cards: decisions.length, accepted }));
  }
  return `${lines.join('\n')}\n`;
}

/** A decision as a person reads it in the terminal: colour, symbol and word; then why; then what to compare and do. */
export function renderDecision(
  decision: SourcedDecision,
  config: Pick<Config, 'color' | 'language'>,
): string {
  const colors = pc.createColors(config.color);
  const words = wordsOf(config.language);
  const paints: Record<Outcome, Paint> = {
    accepted: (text) => colors.bold(colors.green(text)),
    rejected: (text) => colors.bold(colors.red(text)),
    undetermined: (text) => colors.bold(colors.yellow(text)),
    unreadable: (text) => colors.bold(colors.gray(text)),
  };
  const { outcome } = decision;
  return [
    `${paints[outcome](`${OUTCOME_SYMBOLS[outcome]} ${words.outcomes[outcome]}`)}  ${colors.dim(cleanText(decision.source))}`,
    ...inColumns([
      ...reasonRows(decision, config.language),
      ...decision.warnings.map((code): Row => [code, words.warnings[code]]),
    ]),
    ...inColumns([
      ...subjectRows(decision, words, colors.bold),
      ...nextRows(decision, words),
      ...issuerRows(decision, words),
      ...kindRows(decision, words),
      ...evidenceRows(decision, words),
    ]),
  ].join('\n');
}

/** A sentence a line: what a rule asks, and what would satisfy it, are read out at the gate. */
function reasonRows(decision: SourcedDecision, language: Config['language']): readonly Row[] {
  return sentencesOf(decision, language).flatMap(({ code, sentences }) =>
    sentences.map((text, at): Row => [at === 0 ? code : '', cleanText(text, MAX_SENTENCE)]),
  );
}

function inColumns(rows: readonly Row[]): readonly string[] {
  const widest = Math.max(...rows.map(([name]) => columnsOf(name)));
  return rows.map(([name, value]) => `  ${padColumns(name, widest)}  ${value}`);
}

function subjectRows(
  { subject }: SourcedDecision,
  { labels, comma }: WordTable,
  paint: Paint,
): readonly Row[] {
  if (subject === null) return [];
  const born = subject.birthDate === null ? '' : `${comma}${labels.born} ${cleanText(subject.birthDate)}`;
  return [[labels.compare, `${paint(cleanText(subject.name))}${born}`]];
}

/** That an accepted card's holder is compared with an ID is said beside the name. */
function nextRows(decision: SourcedDecision, { labels, steps }: WordTable): readonly Row[] {
  if (decision.outcome === 'accepted') return [];
  return nextSteps(decision).map((step, at) => [at === 0 ? labels.next : '', steps[step]]);
}

function issuerRows({ issuer }: SourcedDecision, { labels, comma }: WordTable): readonly Row[] {
  if (issuer === null) return [];
  const { name, jurisdiction, iss } = issuer;
  return [[labels.issuer, `${cleanText(name)} (${cleanText(jurisdiction)})${comma}${cleanText(iss)}`]];
}

function kindRows({ form, profile }: SourcedDecision, words: WordTable): readonly Row[] {
  if (form === null) return [];
  const kinds = profile === null ? [words.forms[form]] : [words.profiles[profile], words.forms[form]];
  return [[words.labels.kind, kinds.join(words.comma)]];
}

function evidenceRows({ checks, rules, trust }: SourcedDecision, words: WordTable): readonly Row[] {
  const rows: Row[] = [];
  if (checks.signature !== 'not-run') rows.push([words.labels.checks, checkWords(checks, words)]);
  if (rules !== null) {
    rows.push([words.labels.rules, cleanText([rules.set, rules.version ?? ''].join(' ').trim())]);
  }
  if (trust !== null) rows.push([words.labels.trust, trustWords(trust, words)]);
  return rows;
}

function checkWords(checks: Checks, words: WordTable): string {
  return (Object.entries(checks) as [keyof Checks, CheckResult][])
    .map(([check, result]) => {
      const why = result === 'not-offered' || result === 'not-asked' ? ` ${words.results[result]}` : '';
      return `${words.checks[check]} ${CHECK_SYMBOLS[result]}${why}`;
    })
    .join('  ');
}

const CHECK_SYMBOLS: Record<CheckResult, string> = {
  passed: '✓',
  failed: '✗',
  undetermined: '?',
  'not-offered': '–',
  'not-asked': '–',
  'not-run': '–',
};

function trustWords(trust: NonNullable<SourcedDecision['trust']>, words: WordTable): string {
  const { labels, comma } = words;
  const age = ageWords(trust.ageSeconds, words);
  if (trust.block === null) return [age, labels['no-chain']].join(comma);
  const tied = trust.anchored ? [] : [labels['not-pinned']];
  return [age, `${labels.block} ${trust.block}`, `${labels.chain} ${trust.chainId}`, ...tied].join(comma);
}
