import type { RegistryClient } from '../../../contracts/registry-client.ts';
import { RegistryError } from '../../../contracts/registry-error.ts';
import type { TrustedIssuer } from '../../../verifier/pipeline/trust-document.ts';
import type { ImportPlan } from './import-plan.ts';
import type { Bar } from './progress-bar.ts';
import { listOrLeave, writeOrLeave } from './refused.ts';
import type { Refused } from './refused.ts';

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
 * only what is left: nothing is written twice. What the contract refuses is left, with its reason.
 *
 * @param known the issuers that the registry has already
 * @throws RegistryError as the client does, but for a refusal of one thing
 */
export async function carryOut(
  client: RegistryClient,
  plan: Omit<ImportPlan, 'heldBack' | 'missing'>,
  known: readonly TrustedIssuer[],
  bar: Bar,
): Promise<{ readonly written: Omit<Imported, 'anchored'>; readonly refused: readonly Refused[] }> {
  const refused: Refused[] = [];
  const ids = new Map(known.map(({ iss, id }) => [iss, id]));
  const fresh = plan.newIssuers.map((issuer) => ({ ...issuer, kid: null }));
  const ofIssuers = await bar('Issuers', fresh.length, (told) =>
    listOrLeave(
      fresh,
      refused,
      async (some, counted) => {
        const issuers = some.map(({ kid: _kid, ...issuer }) => issuer);
        const { issuerIds } = await client.listIssuers(issuers, counted);
        for (const [at, { iss }] of some.entries()) ids.set(iss, issuerIds[at] ?? 0);
      },
      told,
    ),
  );
  const left = new Set(refused.map(({ iss }) => iss));
  // Listed by a transaction before the one that was refused.
  for (const { iss } of fresh)
    if (!ids.has(iss) && !left.has(iss)) ids.set(iss, await client.issuerIdOf(iss));

  const updated = await each(bar, 'Names', plan.updates, ({ issuer, name }) => {
    const { id, iss, accreditedFrom, accreditedUntil, attestations } = issuer;
    const terms = { name, accreditedFrom, accreditedUntil, attestations };
    return writeOrLeave({ iss, kid: null }, refused, () => client.updateIssuer(id, terms));
  });

  const keys = plan.newKeys
    .filter(({ iss }) => !left.has(iss))
    .map(({ iss, kid, x, y, revocation }) => {
      const issuerId = ids.get(iss);
      if (issuerId === undefined)
        throw new RegistryError('ARGUMENT_INVALID', 'A key of no issuer was to be listed.');
      return { iss, kid, issuerId, x, y, revocation, validUntil: 0 };
    });
  const before = refused.length;
  const ofKeys = await bar('Keys', keys.length, (told) =>
    listOrLeave(keys, refused, (some, counted) => client.listKeys(some.map(keyTerms), counted), told),
  );
  const listedKeys = keys.length - (refused.length - before);

  const names = new Map(known.map(({ id, iss }) => [id, iss]));
  const named = (key: { issuer: number; kid: string }): Pick<Refused, 'iss' | 'kid'> => ({
    iss: names.get(key.issuer) ?? `issuer ${key.issuer}`,
    kid: key.kid,
  });
  const revocable = await each(bar, 'Revocable', plan.revocable, (key) =>
    writeOrLeave(named(key), refused, () => client.setKeyRevocation(key.issuer, key.kid, 'rids')),
  );
  const retired = await each(bar, 'Retirements', plan.retirements, (key) =>
    writeOrLeave(named(key), refused, () => client.retireKey(key.issuer, key.kid)),
  );
  const written = {
    issuers: fresh.length - left.size,
    updated,
    keys: listedKeys,
    revocable,
    retired,
    transactions: ofIssuers + ofKeys + updated + revocable + retired,
  };
  return { written, refused };
}

/** Write one after another; how many of them were written. */
export async function each<T>(
  bar: Bar,
  what: string,
  items: readonly T[],
  write: (item: T) => Promise<boolean>,
): Promise<number> {
  return bar(what, items.length, async (told) => {
    let written = 0;
    for (const [index, item] of items.entries()) {
      if (await write(item)) written += 1;
      told(index + 1, items.length);
    }
    return written;
  });
}

type KeyTerms = Parameters<RegistryClient['listKeys']>[0][number];

function keyTerms({ issuerId, x, y, revocation, validUntil }: KeyTerms): KeyTerms {
  return { issuerId, x, y, revocation, validUntil };
}
