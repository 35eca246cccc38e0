import type { Logger } from 'pino';
import { createLog } from '../../verifier/node/http/request-log.ts';
import type { Attempt } from '../../verifier/node/live-trust.ts';
import { moment } from '../trust/federation-words.ts';
import type { ServeOptions } from '../verifier.ts';

/** What a node says while it runs: of requests nothing but where and how they ended, of syncs when they change. */
export interface ServeLog {
  /** For the HTTP edge; undefined if nobody asked for lines of JSON. */
  readonly requests: Logger | undefined;
  readonly attempt: (attempt: Attempt) => void;
  readonly stopping: () => void;
}

/** Lines of JSON on stderr with --json; else a line when the chain goes or comes back. */
export function createServeLog({ json }: ServeOptions): ServeLog {
  const log = json === true ? createLog(process.stderr) : undefined;
  let before: string | null | undefined;
  return {
    requests: log,
    attempt: ({ at, code }) => {
      log?.info({ sync: code ?? 'ok' });
      if (log === undefined && code !== before)
        process.stderr.write(`${moment(at)}  ${attemptWords(code)}\n`);
      before = code;
    },
    stopping: () => {
      if (log === undefined) process.stderr.write('Finishing what was begun …\n');
      else log.info({ stopping: true });
    },
  };
}

function attemptWords(code: string | null): string {
  return code === null
    ? 'In step with the registry.'
    : `Cannot sync (${code}); deciding from what is held. The age of that is at /trust.`;
}
