import assert from 'node:assert/strict';
import { test } from 'node:test';
import { autoLock } from '../../../wallet/vault/auto-lock.ts';
import type { AutoLock } from '../../../wallet/vault/auto-lock.ts';
import type { OpenVault } from '../../../wallet/vault/open-vault.ts';
import { createVault } from '../../../wallet/vault/vault.ts';
import { testPorts } from './memory-store.ts';

interface Watched {
  readonly vault: OpenVault;
  readonly lock: AutoLock;
  /** Time passes; timers that are due call back, unless the page sleeps. */
  readonly pass: (seconds: number, asleep?: boolean) => void;
  readonly locked: () => number;
}

async function watched(isHeld = () => false): Promise<Watched> {
  const vault = await createVault(testPorts(), '274915');
  let [now, locked] = [1000, 0];
  let due: { readonly at: number; readonly call: () => void } | undefined;
  const lock = autoLock(
    vault,
    {
      clock: () => now,
      isHeld,
      later: (seconds, call) => {
        due = { at: now + seconds, call };
        return () => (due = undefined);
      },
      locked: () => (locked += 1),
    },
    60,
  );
  const pass = (seconds: number, asleep = false): void => {
    for (let each = 0; each < seconds; each++) {
      now += 1;
      if (asleep || due === undefined || now < due.at) continue;
      const { call } = due;
      due = undefined;
      call();
    }
  };
  return { vault, lock, pass, locked: () => locked };
}

test('the vault is locked once nobody touched the page for so long, and said to be so once', async () => {
  const { vault, pass, locked } = await watched();
  pass(59);
  assert.equal(vault.isLocked(), false);
  pass(10);
  assert.equal(vault.isLocked(), true);
  assert.equal(locked(), 1);
});

test('every touch puts it off', async () => {
  const { vault, lock, pass } = await watched();
  for (let touches = 0; touches < 5; touches++) {
    pass(40);
    lock.touched();
  }
  assert.equal(vault.isLocked(), false);
  pass(60);
  assert.equal(vault.isLocked(), true);
});

test('a page that slept meets its user with a locked vault, whatever its timers missed', async () => {
  const { vault, lock, pass, locked } = await watched();
  pass(10_000, true);
  assert.equal(vault.isLocked(), false);
  lock.touched();
  assert.equal(vault.isLocked(), true);
  lock.touched();
  assert.equal(locked(), 1);
});

test('stopped, it locks nothing', async () => {
  const { vault, lock, pass, locked } = await watched();
  lock.stop();
  pass(1000);
  lock.touched();
  assert.equal(vault.isLocked(), false);
  assert.equal(locked(), 0);
});

test('nobody is idle while a page is printed', async () => {
  let isHeld = true;
  const { vault, pass } = await watched(() => isHeld);
  pass(200);
  assert.equal(vault.isLocked(), false);
  isHeld = false;
  pass(70);
  assert.equal(vault.isLocked(), true);
});
