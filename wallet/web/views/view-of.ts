import type { View, Wallet } from '../context.ts';
import type { Route } from '../routes.ts';
import { acceptanceView } from './acceptance.ts';
import { addView } from './add.ts';
import { askView } from './ask.ts';
import { backupView } from './backup.ts';
import { homeView } from './home.ts';
import { passView } from './pass.ts';
import { printView } from './print.ts';
import { receiptsView } from './receipts.ts';
import { retrieveView } from './retrieve.ts';
import { scanView } from './scan.ts';
import { settingsView } from './settings.ts';
import { showView } from './show.ts';

/** The screen of a route. */
export function viewOf(route: Route, wallet: Wallet): View {
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
  }
}
