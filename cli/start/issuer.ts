import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { initIssuer } from '../../agent/issuer-folder.ts';
import type { Issuer } from '../../agent/issuer.ts';
import { anchorStatus } from '../issuer/anchor.ts';
import { registerSigningKey } from '../issuer/register-key.ts';
import { connectAs, gasOf, shortHash } from './stage.ts';
import type { Stage } from './stage.ts';

/** Who accredits the one issuer. */
export const JURISDICTION = 'US-NY';
/** The one issuer. */
export const ISSUER = {
  iss: 'https://health.example/pratique',
  name: 'Example Department of Health',
  statusBase: 'https://health.example/pratique',
};

/** Open the jurisdiction and its accreditor: what a governor does once. */
export async function found(stage: Stage): Promise<void> {
  const governor = await connectAs(stage, 'governor');
  const accreditor = await (await connectAs(stage, 'accreditor')).sender();
  await stage.steps.step(
    `Open the jurisdiction ${JURISDICTION}`,
    () => governor.openJurisdiction(JURISDICTION, 'New York (sample)', accreditor),
    ({ block, gas }) => `accreditor ${accreditor}, block ${block}, ${gasOf(gas)}`,
  );
}

/** Make the issuer's folder, have it accredited, and prove its key on chain. */
export async function openDepartment(stage: Stage): Promise<Issuer> {
  const { steps, rpcUrl, chainId, registry, folder } = stage;
  const issuer = await steps.step(
    'Make the issuer: a Veramo agent with its keys encrypted at rest',
    // The passphrase is made up and forgotten: this issuer lives as long as the command.
    () =>
      initIssuer({
        dir: join(folder, 'issuer'),
        passphrase: randomBytes(24).toString('base64url'),
        ...ISSUER,
      }),
    ({ did }) => did,
  );
  const accreditor = await connectAs(stage, 'accreditor');
  const client = await connectAs(stage, 'issuer');
  const controller = await client.sender();
  const { issuerId } = await steps.step(
    `Accredit it in ${JURISDICTION}`,
    async () =>
      accreditor.registerIssuer({
        ...ISSUER,
        jurisdiction: JURISDICTION,
        controller,
        accreditedFrom: Math.floor(Date.now() / 1000),
        accreditedUntil: 0,
        attestations: 0,
        status: 'active',
      }),
    ({ issuerId: id, block, gas }) => `issuer ${id}, active, block ${block}, ${gasOf(gas)}`,
  );
  await issuer.bindRegistry({ chainId, registry, issuerId, rpcUrl });
  await steps.step(
    'Prove possession of its P-256 key on chain',
    () => registerSigningKey(issuer, client, { now: Date.now() / 1000 }),
    ({ key, block, gas }) => `kid ${key.kid}, block ${block}, ${gasOf(gas ?? 0n)}`,
  );
  return issuer;
}

/** Anchor the issuer's status lists and publish them as the files that venues read. */
export async function anchorLists(stage: Stage, issuer: Issuer, title: string): Promise<void> {
  const client = await connectAs(stage, 'issuer');
  await stage.steps.step(
    title,
    async () => {
      const anchored = await anchorStatus(issuer, client, { rpcUrl: stage.rpcUrl });
      for (const { kid } of anchored) await issuer.publishStatus(kid, join(stage.folder, 'public'));
      return anchored;
    },
    (anchored) =>
      anchored
        .map(
          ({ root, length, revoked, counter, block, gas }) =>
            `root ${shortHash(root)}, ${revoked} of ${length.toLocaleString('en-US')} revoked, counter ${counter}, block ${block}, ${gasOf(gas ?? 0n)}`,
        )
        .join('\n  '),
  );
}
