import type { BulkState } from '../bulk/bulk-state.ts';
import type { IssuerStore, Operation } from '../issuer-store.ts';
import type { ListState } from '../key-list.ts';

/**
 * Marks what a restored store must not go on with as if nothing had happened since: every list, whose indices may have been
 * given away, and every bulk under way, whose people may have got their cards. Answers the names of those bulks.
 */
export async function markRestored(store: IssuerStore): Promise<{ readonly bulks: readonly string[] }> {
  // Whom the registry trusted then: a key may be stolen since.
  const operations: Operation[] = [
    store.table('registry-view').del('view'),
    store.table('registry-known').del('known'),
    store.table('registry-standing').del('own'),
  ];
  // What was meant to be anchored then: only what is meant from now on shows that nothing came between.
  for await (const [key] of store.table('anchoring').entries())
    operations.push(store.table('anchoring').del(key));
  const lists = store.table<Uint8Array>('lists');
  for await (const [kid, sealed] of lists.entries()) {
    const state = JSON.parse(store.box.open('lists', kid, sealed).toString('utf8')) as ListState;
    const marked: ListState = { ...state, restored: { seen: null } };
    operations.push(lists.put(kid, store.box.seal('lists', kid, Buffer.from(JSON.stringify(marked)))));
  }
  const states = store.table<BulkState>('bulks');
  const bulks: string[] = [];
  for await (const [batch, state] of states.entries()) {
    if (state.finished) continue;
    bulks.push(batch);
    operations.push(states.put(batch, { ...state, restored: true }));
  }
  await store.commit(operations, new Map(), [{ kind: 'store-restored' }]);
  return { bulks };
}
