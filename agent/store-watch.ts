import { auditBroken } from './audit/audit-broken.ts';
import { digestOf } from './audit/audit-record.ts';
import type { RawStore } from './raw-store.ts';
import { decode } from './store-table.ts';

/** Told of a record: its key in the table, and what it holds by now; undefined if it is gone. */
export type Watcher<T = unknown> = (key: string, value: T | undefined) => void;

/** Records that are read together. */
const TOGETHER = 256;

/** Who has to be told when other agents write: whoever keeps a table in memory. */
export class StoreWatch {
  readonly #watchers = new Map<string, Watcher[]>();

  add(table: string, watcher: Watcher): void {
    this.#watchers.set(table, [...(this.#watchers.get(table) ?? []), watcher]);
  }

  /** The same, once it was told of all records that are there; `check` throws for one that must not be. */
  async follow(
    raw: RawStore,
    { table, watcher }: { readonly table: string; readonly watcher: Watcher },
    check: (name: string, bytes: Uint8Array) => void,
  ): Promise<void> {
    const first = `${table}!`;
    for await (const rows of raw.pages(first, `${first}\uffff`)) {
      for (const [name, bytes] of rows) {
        check(name, bytes);
        watcher(name.slice(first.length), decode(bytes));
      }
    }
    this.add(table, watcher);
  }

  /**
   * Reads the records that were written, of the tables that are watched, and answers what tells of them.
   *
   * IssuerError AUDIT_BROKEN if one is not as the log says that it was written.
   */
  async read(raw: RawStore, writes: ReadonlyMap<string, string | null>): Promise<() => void> {
    const watched = [...writes].filter(([name]) => this.#watchers.has(tableOf(name)));
    const news: (() => void)[] = [];
    for (let at = 0; at < watched.length; at += TOGETHER) {
      const some = watched.slice(at, at + TOGETHER);
      const held = await raw.getMany(some.map(([name]) => name));
      for (const [place, [name, digest]] of some.entries()) {
        const bytes = held[place];
        if ((bytes === undefined ? null : digestOf(bytes)) !== digest)
          throw auditBroken(`${name} is not as it was written`);
        const value = bytes === undefined ? undefined : decode(bytes);
        news.push(() => this.#tell(name, value));
      }
    }
    return () => news.forEach((tell) => tell());
  }

  #tell(name: string, value: unknown): void {
    const table = tableOf(name);
    for (const watcher of this.#watchers.get(table) ?? []) watcher(name.slice(table.length + 1), value);
  }
}

function tableOf(name: string): string {
  return name.slice(0, name.indexOf('!'));
}
