import type { IssuerStore } from '../issuer-store.ts';

/** What a service needs of its issuer's store: its own tables, and the keys that are derived for it. */
export type ServiceStore = Pick<
  IssuerStore,
  'table' | 'commit' | 'decide' | 'follow' | 'look' | 'box' | 'compact'
>;
