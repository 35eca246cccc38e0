import type { OpenVault } from './open-vault.ts';

/** Long enough to find a pass and hold it up; a telephone that was put down is locked before it is found. */
export const IDLE_SECONDS = 120;

/** The clock and the timer of the page. */
export interface LockPorts {
  /** Unix seconds. */
  readonly clock: () => number;
  /** Call back after so many seconds at the earliest; answers how to call it off. */
  readonly later: (seconds: number, then: () => void) => () => void;
  /** While something runs that nobody touches the page for, such as printing, nobody is idle. */
  readonly isHeld?: () => boolean;
  /** Told once, when it was locked. */
  readonly locked: () => void;
}

/** What the page tells of its user. */
export interface AutoLock {
  /** The user did something: locks at once if that came too late. */
  readonly touched: () => void;
  /** No more watching; the vault stays as it is. */
  readonly stop: () => void;
}

/**
 * Lock the vault once nobody touched the page for so long. By the clock, not by the timer: a page in the background has
 * its timers put off, and the first thing that whoever wakes it does must meet a locked vault.
 */
export function autoLock(vault: OpenVault, ports: LockPorts, idleSeconds: number = IDLE_SECONDS): AutoLock {
  let last = ports.clock();
  let callOff: (() => void) | undefined;
  const lock = (): void => {
    callOff?.();
    callOff = undefined;
    vault.lock();
    ports.locked();
  };
  /** A clock set back is no time that passed, and none that is left either. */
  const idle = (): number => {
    if (ports.isHeld?.() === true) last = ports.clock();
    return Math.abs(ports.clock() - last);
  };
  const watch = (): void => {
    callOff = ports.later(Math.max(1, idleSeconds - idle()), () => {
      if (idle() >= idleSeconds) lock();
      else watch();
    });
  };
  watch();
  return {
    touched: () => {
      if (callOff === undefined) return;
      if (idle() >= idleSeconds) lock();
      else last = ports.clock();
    },
    stop: () => {
      callOff?.();
      callOff = undefined;
    },
  };
}
