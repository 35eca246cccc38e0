import { IssuerError } from '../issuer-error.ts';
import type { Client, Clients, NewClient } from './clients.ts';
import { DEFAULT_QUOTA, isWithin, type Quota } from './quota.ts';
import type { Quotas } from './quotas.ts';
import type { Caller } from './scope.ts';

/** A client that is taken in: its API key, if it has one, is in this answer and nowhere else. */
export type AddedClient = Awaited<ReturnType<Clients['add']>>;

/**
 * Takes a client in for another one, which can give no scope and no quota that it has not itself: an admin who may not
 * issue would otherwise make a client that may.
 *
 * @param now Unix seconds. IssuerError ESCALATION, CLIENT_INVALID, QUOTA_REACHED.
 */
export async function addFor(
  { clients, quotas }: { readonly clients: Clients; readonly quotas: Quotas },
  caller: Caller,
  asked: NewClient,
  now: number,
): Promise<AddedClient> {
  if (!asked.scopes.every((scope) => caller.scopes.has(scope))) throw escalation();
  const own = quotaOf(clients, caller);
  // Of less than the usual quota it must not make more by leaving it out.
  const quota = asked.quota ?? (isWithin(DEFAULT_QUOTA, own) ? undefined : own);
  if (quota !== undefined && !isWithin(quota, own)) throw escalation();
  const { quota: _, ...rest } = asked;
  const origin = clients.get(clients.originOf(caller.client)) ?? clients.get(caller.client);
  if (origin === undefined) throw escalation();
  const wanted = { ...rest, ...(quota === undefined ? {} : { quota }) };
  return quotas.spend({ client: origin, kind: 'clients', now }, async (spent) =>
    clients.add(wanted, now, caller.client, spent()),
  );
}

/**
 * Lets a client do nothing any more, at once. The last one that keeps clients stays: whoever had stolen the key of
 * another could otherwise shut everybody out.
 *
 * @param now Unix seconds. IssuerError CLIENT_UNKNOWN, LAST_ADMIN.
 */
export async function disableFor(clients: Clients, caller: Caller, id: string, now: number): Promise<Client> {
  const isAdmin = ({ scopes, disabledAt }: Client): boolean =>
    scopes.includes('admin') && disabledAt === undefined;
  const admins = clients.all().filter(isAdmin);
  if (admins.length === 1 && admins[0]?.id === id) {
    throw new IssuerError('LAST_ADMIN', 'This is the last client that may keep clients.');
  }
  // In the same turn: of two admins that disable each other at once, the second is the last.
  return clients.disable(id, now, caller.client);
}

/** Says how much a client may do, no more than whoever says so. IssuerError CLIENT_UNKNOWN, ESCALATION. */
export async function sayQuotaFor(
  clients: Clients,
  caller: Caller,
  id: string,
  quota: Quota,
): Promise<Client> {
  if (!isWithin(quota, quotaOf(clients, caller))) throw escalation();
  return clients.sayQuota(id, quota, caller.client);
}

function quotaOf(clients: Clients, { client }: Caller): Quota {
  return clients.get(client)?.quota ?? DEFAULT_QUOTA;
}

function escalation(): IssuerError {
  return new IssuerError('ESCALATION', 'Nobody can give more than they may do themselves.');
}
