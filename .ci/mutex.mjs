// A folder that exists while one process works: made by mkdir, which only one of two can do. A holder that died is
// recognised by its process ids, and its mutex moved away.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Longer than any install; an older mutex belongs to a process that died without a trace. */
const STALE_MS = 15 * 60_000;
/** Between making the folder and naming its holder lie microseconds, not seconds. */
const UNNAMED_MS = 5000;

/** Names the processes that hold the mutex: while one of them lives, it is held. */
export function noteProcesses(mutex, pids) {
  writeFileSync(join(mutex, 'pid'), pids.filter(Boolean).join(' '));
}

/** The process ids a mutex names, '' while it is being written, undefined if there is no mutex. */
function readHolder(mutex) {
  try {
    const age = Date.now() - statSync(mutex).mtimeMs;
    const pid = existsSync(join(mutex, 'pid')) ? readFileSync(join(mutex, 'pid'), 'utf8') : '';
    return { pid, age };
  } catch {
    return undefined;
  }
}

function isAlive({ pid, age }) {
  if (pid === '') return age < UNNAMED_MS;
  if (age > STALE_MS) return false;
  return pid.split(' ').some((id) => {
    try {
      return process.kill(Number(id), 0);
    } catch (error) {
      return error.code !== 'ESRCH';
    }
  });
}

/** Moves a dead holder's mutex away; if another process was faster, what was moved is its own and goes back. */
function clearStaleMutex(mutex, dead) {
  const aside = `${mutex}.${process.pid}`;
  try {
    renameSync(mutex, aside);
    const moved = existsSync(join(aside, 'pid')) ? readFileSync(join(aside, 'pid'), 'utf8') : '';
    if (moved === dead.pid) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, mutex);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** Waits for the mutex and holds it until this process ends; says once that it waits. */
export async function takeMutex(mutex, onWait) {
  for (let told = false; ; told = true) {
    try {
      mkdirSync(mutex);
      noteProcesses(mutex, [process.pid]);
      process.on('exit', () => rmSync(mutex, { recursive: true, force: true }));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = readHolder(mutex);
    if (holder === undefined) continue;
    if (!isAlive(holder)) {
      clearStaleMutex(mutex, holder);
      continue;
    }
    if (!told) onWait();
    await new Promise((done) => setTimeout(done, 500));
  }
}
