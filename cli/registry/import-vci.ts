import { resolve } from 'node:path';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import type { Oddity } from '../../verifier/node/vci-directory.ts';
import { cleanText } from '../display.ts';
import type { ImportOptions } from './commands/vci.ts';
import { openSender } from './connect.ts';
import { print } from './print.ts';
import { carryOut } from './vci/carry-out.ts';
import type { Imported } from './vci/carry-out.ts';
import { planImport } from './vci/import-plan.ts';
import type { ImportPlan } from './vci/import-plan.ts';
import { readMissingKeys, writeMissingKeys } from './vci/missing-keys.ts';
import { mirrorLists } from './vci/mirror-lists.ts';
import type { Mirrored } from './vci/mirror-lists.ts';
import { barFor } from './vci/progress-bar.ts';
import { readRegistryState } from './vci/registry-state.ts';
import { readSnapshot } from './vci/snapshot.ts';
import type { Snapshot } from './vci/snapshot.ts';

const DAY = 86_400;

/**
 * `pratique registry import-vci`: make the registry say what a directory of SMART Health Card issuers says. Run again
 * with the same snapshot it writes nothing; with a newer one, what is new.
 */
export async function runImportVci(path: string, options: ImportOptions): Promise<void> {
  const snapshot = await readSnapshot(path, options);
  const client = await openSender(options);
  const bar = barFor(options);
  await assertAccreditor(client, options.jurisdiction);
  const notes = resolve(options.notes ?? `.pratique/import/${options.registry.toLowerCase()}.json`);
  const noted = await readMissingKeys(notes);

  const before = await readRegistryState(options);
  const { jurisdiction, statusBase } = options;
  // A snapshot that does not say when it was taken is as of now.
  const time = snapshot.time === 0 ? Math.floor(Date.now() / 1000) : snapshot.time;
  const terms = { jurisdiction, statusBase, time, grace: options.graceDays * DAY };
  const plan = planImport(snapshot.issuers, before, terms, noted);
  const written = await carryOut(client, plan, before.trust.issuers, bar);
  await writeMissingKeys(notes, plan.missing);
  const mirrored = await mirrorLists(client, snapshot.issuers, await readRegistryState(options), {
    out: options.out,
    bar,
  });
  report({ snapshot, plan, mirrored, written: { ...written, anchored: mirrored.anchored } }, options);
}

async function assertAccreditor(client: RegistryClient, code: string): Promise<void> {
  const { accreditor, suspended } = await client.jurisdictionOf(code);
  const sender = await client.sender();
  if (accreditor.toLowerCase() !== sender.toLowerCase()) {
    throw new RegistryError(
      'REVERTED',
      `Only the accreditor of ${code} may import into it; ${sender} is not.`,
    );
  }
  if (suspended) {
    throw new RegistryError(
      'REVERTED',
      `Jurisdiction ${code} is suspended; nothing can be imported into it.`,
    );
  }
}

function report(
  about: {
    readonly snapshot: Snapshot;
    readonly plan: ImportPlan;
    readonly mirrored: Mirrored;
    readonly written: Imported;
  },
  options: ImportOptions,
): void {
  const { snapshot, plan, mirrored, written } = about;
  const { signer, oddities, issuers } = snapshot;
  const stale = issuers.filter(({ lastRetrieved }) => lastRetrieved < snapshot.time - 30 * DAY).length;
  const { heldBack } = plan;
  const { notMirrored, published } = mirrored;
  print(
    { signer, issuers: issuers.length, stale, written, oddities, heldBack, notMirrored, published },
    [
      signer === null
        ? 'The snapshot was not held against a signature: give --signature and --certificate.'
        : `The snapshot is signed by ${cleanText(signer.subject)}, certificate ${signer.fingerprint}.`,
      `${issuers.length} issuers in the directory; the directory has not reached ${stale} of them for 30 days`,
      `${written.issuers} issuers listed, ${written.updated} renamed; ${written.keys} keys listed, ` +
        `${written.revocable} made revocable, ${written.retired} retired`,
      `${written.anchored} revocation lists anchored, ${published.length} published`,
      ...oddities.map((oddity) => `  odd        ${oddityInWords(oddity)}`),
      ...heldBack.map(
        ({ code, iss, kid }) => `  left       ${iss}${kid === null ? '' : ` key ${kid}`}: ${code}`,
      ),
      ...notMirrored.map(({ code, iss, kid }) => `  no anchor  ${iss} key ${kid}: ${code}`),
      `${written.transactions + written.anchored} transactions`,
    ],
    options,
  );
}

function oddityInWords({ code, of, kid, message }: Oddity): string {
  return `${cleanText(of)}${kid === null ? '' : ` key ${cleanText(kid)}`}: ${message} (${code})`;
}
