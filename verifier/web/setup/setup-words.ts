import type { SetupFault } from '../../pipeline/setup-check.ts';
import type { ScannerWords } from '../words/table.ts';

/** What is said of a set-up that does not count. */
export const SETUP_WORDS: Readonly<Record<SetupFault, keyof ScannerWords>> = {
  SETUP_MALFORMED: 'setupMalformed',
  SETUP_FORGED: 'setupForged',
  SETUP_OF_ANOTHER_NODE: 'setupOtherNode',
  SETUP_UNCHECKED: 'setupUnchecked',
  SETUP_NOT_YET: 'setupNotYet',
  SETUP_EXPIRED: 'setupExpired',
  SETUP_ENDED: 'setupEnded',
  SETUP_WITHDRAWN: 'setupWithdrawn',
  SETUP_RULES_CONTRADICT: 'setupRules',
};
