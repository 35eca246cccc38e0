import type { View } from '../context.ts';
import type { LockedRoute, Route } from '../routes.ts';
import { eraseLockedView } from './erase.ts';
import { firstRunView, makeView } from './first-run.ts';
import { forgottenView } from './forgotten.ts';
import type { LockedWallet } from './locked.ts';
import { restoreView } from './restore.ts';
import { troubleView } from './trouble.ts';
import { unlockView } from './unlock.ts';

/** The screen of a route while the wallet is locked; of a route that is for an open one, its lock. */
export function lockedViewOf(name: (Route | LockedRoute)['name'], wallet: LockedWallet): View {
  const { state } = wallet;
  const isThere = 'fault' in state || state.exists;
  if (name === 'restore') return restoreView(wallet, isThere);
  if (name === 'forgotten' && isThere) return forgottenView(wallet);
  if (name === 'erase-locked' && isThere) return eraseLockedView(wallet);
  if ('fault' in state) return troubleView(wallet, state.fault);
  if (state.exists) return unlockView(wallet, state);
  return name === 'make' ? makeView(wallet) : firstRunView(wallet);
}
