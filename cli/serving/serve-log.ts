import type { Logger } from 'pino';
import { createLog } from '../../verifier/http/request-log.ts';
import type { DecidedRules } from '../../verifier/pipeline/decision.ts';
import type { ListReport } from '../../verifier/node/venue.ts';
import type { Attempt } from '../../verifier/node/live-trust.ts';
import { cleanText } from '../display.ts';
import { moment } from '../trust/federation-words.ts';
import { standingLines } from '../verifier/rules-standing.ts';
import type { ServingOptions } from './options.ts';

/** Of lists that are not there; the rest is at /trust. */
const MAX_FAULTS = 10;

/** What a node says while it runs: of requests nothing but where and how they ended, of syncs when they change. */
export interface ServeLog {
  /** For the HTTP edge: every request with --json, else faults of our own only. */
  readonly requests: Logger;
  readonly attempt: (attempt: Attempt) => void;
  /** Lists that their issuers do not serve as anchored, told when that changes. */
  readonly lists: (lists: readonly ListReport[]) => void;
  /** Whether the operator's rules can be used, told when that changes. */
  readonly rules: (standing: DecidedRules | null) => void;
  readonly stopping: () => void;
}

/** Lines of JSON on stderr with --json; else a line when the chain goes or comes back. */
export function createServeLog({ json, trust }: Pick<ServingOptions, 'json' | 'trust'>): ServeLog {
  const requests = createLog(process.stderr);
  if (json !== true) requests.level = 'error';
  const log = json === true ? requests : undefined;
  let before: string | null | undefined;
  let faultsBefore = '';
  let rulesBefore = '';
  return {
    requests,
    lists: (lists) => {
      const faults = lists.flatMap(({ iss, kid, fault }) => (fault === null ? [] : [{ iss, kid, fault }]));
      if (JSON.stringify(faults) === faultsBefore) return;
      faultsBefore = JSON.stringify(faults);
      log?.info({ lists: lists.length, faults });
      if (log !== undefined) return;
      for (const { iss, kid, fault } of faults.slice(0, MAX_FAULTS)) {
        process.stderr.write(`  no list    ${cleanText(iss)} key ${kid}: ${fault}\n`);
      }
      if (faults.length > MAX_FAULTS)
        process.stderr.write(`             and ${faults.length - MAX_FAULTS} more: /trust tells all\n`);
    },
    rules: (standing) => {
      if (JSON.stringify(standing) === rulesBefore) return;
      const isFirst = rulesBefore === '';
      rulesBefore = JSON.stringify(standing);
      log?.info({ rules: standing });
      // What is so at the start is among the words of the start.
      if (log === undefined && !isFirst) process.stderr.write(lines(standingLines(standing)));
    },
    attempt: ({ at, code }) => {
      log?.info({ sync: code ?? 'ok' });
      if (log === undefined && code !== before)
        process.stderr.write(`${moment(at)}  ${attemptWords(code, trust)}\n`);
      before = code;
    },
    stopping: () => {
      if (log === undefined) process.stderr.write('Finishing what was begun …\n');
      else log.info({ stopping: true });
    },
  };
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}

function attemptWords(code: string | null, bundle: string | undefined): string {
  if (bundle !== undefined) {
    return code === null
      ? `Holding what ${cleanText(bundle)} says.`
      : `What ${cleanText(bundle)} says now is not taken (${code}); deciding from what is held.`;
  }
  return code === null
    ? 'In step with the registry.'
    : `Cannot sync (${code}); deciding from what is held. The age of that is at /trust.`;
}
