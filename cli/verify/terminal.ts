import pc from 'picocolors';
import type { CheckResult, Checks, Outcome } from '../../verifier/pipeline/decision.ts';
import { CODE_WORDS, OUTCOME_WORDS } from '../../verifier/pipeline/words.ts';
import type { SourcedDecision } from '../../verifier/pipeline/verify-pieces.ts';
import type { Config } from '../config.ts';
import { cleanText } from '../display.ts';

type Paint = (text: string) => string;

/** A decision as a person reads it in the terminal: colour, symbol and word; then why; then what to compare. */
export function renderDecision(decision: SourcedDecision, config: Config): string {
  const colors = pc.createColors(config.color);
  const paints: Record<Outcome, Paint> = {
    accepted: (text) => colors.bold(colors.green(text)),
    rejected: (text) => colors.bold(colors.red(text)),
    undetermined: (text) => colors.bold(colors.yellow(text)),
    unreadable: (text) => colors.bold(colors.gray(text)),
  };
  const { symbol, word } = OUTCOME_WORDS[decision.outcome];
  const lines = [
    `${paints[decision.outcome](`${symbol} ${word}`)}  ${colors.dim(cleanText(decision.source))}`,
    ...decision.codes.map((code) => `  ${code}  ${CODE_WORDS[code]}`),
  ];
  if (decision.subject !== null) {
    const born = decision.subject.birthDate === null ? '' : `, born ${cleanText(decision.subject.birthDate)}`;
    lines.push(`  Compare with an ID: ${colors.bold(cleanText(decision.subject.name))}${born}`);
  }
  if (decision.issuer !== null) {
    const { name, jurisdiction, iss } = decision.issuer;
    lines.push(`  Issued by ${cleanText(name)} (${cleanText(jurisdiction)}), ${cleanText(iss)}`);
  }
  if (decision.checks.signature !== 'not-run') lines.push(`  ${renderChecks(decision.checks)}`);
  if (decision.trust !== null) lines.push(colors.dim(`  ${renderTrust(decision.trust)}`));
  return lines.join('\n');
}

function renderChecks(checks: Checks): string {
  return Object.entries(checks)
    .map(([name, result]: [string, CheckResult]) => `${name} ${CHECK_SYMBOLS[result]}`)
    .join('  ');
}

const CHECK_SYMBOLS: Record<CheckResult, string> = {
  passed: '✓',
  failed: '✗',
  undetermined: '?',
  'not-offered': '– (not offered)',
  'not-asked': '– (not asked)',
  'not-run': '–',
};

function renderTrust(trust: NonNullable<SourcedDecision['trust']>): string {
  const age = `${renderAge(trust.ageSeconds)} old`;
  if (trust.block === null) return `Trust data: ${age}, not tied to a chain.`;
  const tied = trust.anchored ? '' : ', its exporter not pinned';
  return `Trust data: block ${trust.block} of chain ${trust.chainId}, ${age}${tied}.`;
}

function renderAge(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}
