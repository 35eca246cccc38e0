import { showAudit } from './audit-view.ts';
import { showBulk } from './bulk-view.ts';
import { showCards } from './cards-view.ts';
import { showCorrections } from './corrections-view.ts';
import { showCounters } from './counters-view.ts';
import type { ShowView } from './desk.ts';
import { showPeople } from './people-view.ts';
import type { View } from './words/table.ts';

/** What each view is written by. */
export const VIEW_PAGES: Readonly<Record<View, ShowView>> = {
  people: showPeople,
  cards: showCards,
  corrections: showCorrections,
  bulk: showBulk,
  audit: showAudit,
  counters: showCounters,
};
