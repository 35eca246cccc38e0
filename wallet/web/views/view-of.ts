import type { View, Wallet } from '../context.ts';
import type { LockedRoute, Route } from '../routes.ts';
import { acceptanceView } from './acceptance.ts';
import { addView } from './add.ts';
import { askView } from './ask.ts';
import { backupView } from './backup.ts';
import { changePinView } from './change-pin.ts';
import { eraseView } from './erase.ts';
import { homeView } from './home.ts';
import { moreView } from './more.ts';
import { passView } from './pass.ts';
import { passkeyView } from './passkey.ts';
import { printView } from './print.ts';
import { privacyView } from './privacy.ts';
import { receiptsView } from './receipts.ts';
import { retrieveView } from './retrieve.ts';
import { scanView } from './scan.ts';
import { settingsView } from './settings.ts';
import { showView } from './show.ts';
import { trustView } from './trust.ts';

/** The screen of a route; undefined of one that is for a locked wallet. */
export function viewOf(route: Route | LockedRoute, wallet: Wallet): View | undefined {
  switch (route.name) {
    case 'home':
      return homeView(wallet);
    case 'add':
      return addView(wallet, route.input);
    case 'scan':
      return scanView(wallet);
    case 'pass':
      return passView(wallet, route.id);
    case 'show':
      return showView(wallet, route.id);
    case 'acceptance':
      return acceptanceView(wallet, route.id);
    case 'print':
      return printView(wallet, route.id);
    case 'ask':
      return askView(wallet, route.code);
    case 'receipts':
      return receiptsView(wallet);
    case 'retrieve':
      return retrieveView(wallet);
    case 'backup':
      return backupView(wallet);
    case 'settings':
      return settingsView(wallet);
    case 'more':
      return moreView(wallet);
    case 'change-pin':
      return changePinView(wallet);
    case 'passkey':
      return passkeyView(wallet);
    case 'trust':
      return trustView(wallet);
    case 'privacy':
      return privacyView(wallet);
    case 'erase':
      return eraseView(wallet);
    case 'locked':
    case 'make':
    case 'restore':
    case 'forgotten':
    case 'erase-locked':
      return undefined;
  }
}
