import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { IssuerError } from '../../agent/issuer-error.ts';
import { openIssuer } from '../../agent/issuer-folder.ts';
import { NOW, PASSPHRASE, sampleBundle } from './issuer-fixture.ts';

/** What a process under load has said so far. */
export interface Said {
  readonly issued: string[];
  readonly revoked: string[];
  /** Codes of the errors. */
  readonly failed: string[];
}

/** A process that issues and revokes, several at once. */
export interface Load {
  readonly child: ChildProcess;
  readonly said: Said;
  /** Milliseconds from the start of the process until its folder was open. */
  readonly ready: Promise<number>;
  /** Waits until something holds of what was said; fails after a minute, or when the process ends first. */
  readonly until: (what: string, holds: (said: Said) => boolean) => Promise<void>;
  /** Waits for the end of the process: whether it closed its folder. */
  readonly ended: Promise<{ readonly closed: boolean; readonly code: number | null }>;
}

const LINE = /^(issued|revoked|failed) \S+ (\S+)$/;

/** Starts a process that issues and revokes in a folder until it is told to stop. */
export function startLoad(dir: string, atOnce = 6): Load {
  const program = fileURLToPath(new URL('./issuer-process.ts', import.meta.url));
  const begun = performance.now();
  const child = spawn(process.execPath, [program, dir, PASSPHRASE, String(NOW), String(atOnce)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: Said = { issued: [], revoked: [], failed: [] };
  const ready = Promise.withResolvers<number>();
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const read = async (): Promise<{ closed: boolean; code: number | null }> => {
    let closed = false;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('ready ')) ready.resolve(performance.now() - begun);
      if (line === 'closed') closed = true;
      const [, what, last = ''] = LINE.exec(line) ?? [];
      if (what !== undefined) said[what as keyof Said].push(last);
    }
    ready.reject(new Error('the process ended before its folder was open'));
    const [code] = await exited;
    return { closed, code };
  };
  const ended = read();
  ready.promise.catch(() => undefined);
  return { child, said, ready: ready.promise, ended, until: waiting(said, ended) };
}

function waiting(said: Said, ended: Promise<unknown>): Load['until'] {
  let over = false;
  void ended.then(() => (over = true));
  return async (what, holds) => {
    for (const end = performance.now() + 60_000; !holds(said);) {
      assert.ok(!over && performance.now() < end, `never came: ${what}; ${JSON.stringify(countsOf(said))}`);
      await later(5);
    }
  };
}

function countsOf({ issued, revoked, failed }: Said): object {
  return { issued: issued.length, revoked: revoked.length, failed: failed.length };
}

/**
 * Opens the folder of a dead process and counts what was acknowledged and is not there, and what was given twice; a card
 * is issued for it, and all others are revoked.
 */
export async function lossesIn(
  dir: string,
  { issued, revoked }: Pick<Said, 'issued' | 'revoked'>,
): Promise<{ readonly lost: number; readonly twice: number }> {
  const issuer = await openIssuer({ dir, passphrase: PASSPHRASE, clock: () => NOW });
  try {
    const fresh = await issuer.issuePlus(sampleBundle('lab-result'), { now: NOW });
    const ids = [...issued, fresh.id];
    const gone = new Set(revoked);
    const isLost = async (id: string): Promise<boolean> => {
      try {
        const { already } = await issuer.revoke(id);
        return gone.has(id) && !already;
      } catch (error) {
        if (error instanceof IssuerError && error.code === 'CARD_UNKNOWN') return true;
        throw error;
      }
    };
    const lost = (await Promise.all(issued.map(isLost))).filter(Boolean).length;
    return { lost, twice: ids.length - new Set(ids).size };
  } finally {
    await issuer.close();
  }
}
