import type { RegistryClient } from '../../../contracts/registry-client.ts';
import { RegistryError } from '../../../contracts/registry-error.ts';
import type { NewAnchor } from '../../../contracts/registry-terms.ts';
import type { TrustedIssuer } from '../../../verifier/pipeline/trust-document.ts';
import type { ImportPlan } from './import-plan.ts';
import type { Bar } from './progress-bar.ts';

/** What an import wrote. */
export interface Imported {
  readonly issuers: number;
  readonly updated: number;
  readonly keys: number;
  readonly revocable: number;
  readonly retired: number;
  readonly anchored: number;
  readonly transactions: number;
}

/**
 * Write what a plan says. Each transaction is whole or not at all, and a plan made anew after one that broke off holds
 * only what is left: nothing is written twice.
 *
 * @param known the issuers that the registry has already
 * @throws RegistryError as the client does
 */
export async function carryOut(
  client: RegistryClient,
  plan: Omit<ImportPlan, 'heldBack' | 'missing'>,
  known: readonly TrustedIssuer[],
  bar: Bar,
): Promise<Omit<Imported, 'anchored'>> {
  const ids = new Map(known.map(({ iss, id }) => [iss, id]));
  const listed = await bar('Issuers', plan.newIssuers.length, (told) =>
    client.listIssuers(plan.newIssuers, told),
  );
  for (const [at, { iss }] of plan.newIssuers.entries()) ids.set(iss, listed.issuerIds[at] ?? 0);

  await each(bar, 'Names', plan.updates, ({ issuer, name }) => {
    const { id, accreditedFrom, accreditedUntil, attestations } = issuer;
    return client.updateIssuer(id, { name, accreditedFrom, accreditedUntil, attestations });
  });
  const keys = plan.newKeys.map(({ iss, x, y, revocation }) => {
    const issuerId = ids.get(iss);
    if (issuerId === undefined)
      throw new RegistryError('ARGUMENT_INVALID', 'A key of no issuer was to be listed.');
    return { issuerId, x, y, revocation, validUntil: 0 };
  });
  const listedKeys = await bar('Keys', keys.length, (told) => client.listKeys(keys, told));
  await each(bar, 'Revocable', plan.revocable, ({ issuer, kid }) =>
    client.setKeyRevocation(issuer, kid, 'rids'),
  );
  await each(bar, 'Retirements', plan.retirements, ({ issuer, kid }) => client.retireKey(issuer, kid));
  const single = plan.updates.length + plan.revocable.length + plan.retirements.length;
  return {
    issuers: plan.newIssuers.length,
    updated: plan.updates.length,
    keys: plan.newKeys.length,
    revocable: plan.revocable.length,
    retired: plan.retirements.length,
    transactions: listed.transactions.length + listedKeys.transactions.length + single,
  };
}

/** Anchor one list after another. */
export async function anchorAll(
  client: RegistryClient,
  anchors: readonly NewAnchor[],
  bar: Bar,
): Promise<void> {
  await each(bar, 'Anchors', anchors, (anchor) => client.anchor(anchor));
}

async function each<T>(
  bar: Bar,
  what: string,
  items: readonly T[],
  write: (item: T) => Promise<unknown>,
): Promise<void> {
  await bar(what, items.length, async (told) => {
    for (const [index, item] of items.entries()) {
      await write(item);
      told(index + 1, items.length);
    }
  });
}
