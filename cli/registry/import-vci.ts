import { moment } from '../../contracts/moment.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import type { ImportOptions } from './commands/vci.ts';
import { openSender } from './connect.ts';
import { print } from './print.ts';
import { carryOut } from './vci/carry-out.ts';
import type { Imported } from './vci/carry-out.ts';
import { NO_NOTES, readNotes, writeNotes } from './vci/import-notes.ts';
import { lastListed, planImport, raisesTrust } from './vci/import-plan.ts';
import type { ImportPlan } from './vci/import-plan.ts';
import { mirrorLists } from './vci/mirror-lists.ts';
import type { Mirrored } from './vci/mirror-lists.ts';
import { barFor } from './vci/progress-bar.ts';
import { leftBehind } from './vci/refused.ts';
import type { Refused } from './vci/refused.ts';
import { readRegistryState } from './vci/registry-state.ts';
import {
  leftLines,
  oddityLines,
  peculiarityLines,
  plainOddities,
  reachOf,
  refusedLines,
  snapshotLines,
} from './vci/report.ts';
import { readSnapshot } from './vci/snapshot.ts';
import type { Snapshot } from './vci/snapshot.ts';
import { SnapshotError } from './vci/snapshot-error.ts';
import { assertNext, notesAfter, notesPath } from './vci/snapshot-order.ts';

const DAY = 86_400;

/**
 * `pratique registry import-vci`: make the registry say what a directory of SMART Health Card issuers says. Run again
 * with the same snapshot it writes nothing; with a newer one, what is new.
 *
 * @throws RegistryError REVERTED, after all else is done and printed, if the contract refused something
 */
export async function runImportVci(path: string, options: ImportOptions): Promise<void> {
  const snapshot = await readSnapshot(path, options);
  const place = notesPath(options);
  const notes = await readNotes(place);
  const isNext = assertNext(snapshot, notes ?? NO_NOTES, options, Date.now() / 1000);
  const client = await openSender(options);
  const bar = barFor(options);
  await assertAccreditor(client, options.jurisdiction);

  const before = await readRegistryState(options);
  const { jurisdiction, statusBase } = options;
  const { time } = snapshot;
  const listed = lastListed(before, jurisdiction);
  const isAgeKnown = notes?.imported === true || time > listed;
  const terms = {
    jurisdiction,
    statusBase,
    time,
    isNewest: isNext && isAgeKnown,
    grace: options.graceDays * DAY,
  };
  const plan = planImport(snapshot.issuers, before, terms, notes?.missing ?? new Map());
  if (!isAgeKnown && listed > 0 && options.older !== true && raisesTrust(plan))
    throw ageUnknown(place, listed);
  // Before anything is written: an import that breaks off is known of.
  await writeNotes(place, {
    ...notesAfter(snapshot, notes ?? NO_NOTES),
    imported: true,
    missing: plan.missing,
  });
  const carried = await carryOut(client, plan, before.trust.issuers, bar);
  const elsewhere = new Set(plan.heldBack.flatMap(({ iss, kid }) => (kid === null ? [iss] : [])));
  const own = snapshot.issuers.filter(({ iss }) => !elsewhere.has(iss));
  const mirrored = await mirrorLists(client, own, await readRegistryState(options), {
    out: options.out,
    bar,
  });
  const written = { ...carried.written, anchored: mirrored.anchored };
  const refused = [...carried.refused, ...mirrored.refused];
  const unknown =
    notes?.imported === true || listed === 0
      ? []
      : [
          `Nothing was noted of earlier imports at ${place}: who signed the last one is not known` +
            (isAgeKnown ? '.' : ', nor whether it was newer; so nothing was taken for missing.'),
        ];
  report({ snapshot, plan, mirrored, written, refused, unknown }, options);
  if (refused.length > 0) throw leftBehind(refused);
}

function ageUnknown(place: string, listed: number): SnapshotError {
  return new SnapshotError(
    'SNAPSHOT_AGE_UNKNOWN',
    `Nothing is noted of earlier imports at ${place}, and the registry's log has one of ${moment(listed)}, after this ` +
      'snapshot was taken: whether that one was newer is not known, and this one would bring back what it dropped. ' +
      'Bring the notes back, take a newer snapshot, or give --older.',
  );
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
    readonly refused: readonly Refused[];
    readonly unknown: readonly string[];
  },
  options: ImportOptions,
): void {
  const { snapshot, plan, mirrored, written, refused, unknown } = about;
  const { signer, time, oddities, peculiarities, issuers } = snapshot;
  const { stale, undated } = reachOf(snapshot);
  const { heldBack } = plan;
  const { notMirrored, published } = mirrored;
  const { told, more } = plainOddities(oddities);
  print(
    {
      signer,
      time,
      issuers: issuers.length,
      stale,
      undated,
      written,
      refused,
      oddities: told,
      moreOddities: more,
      peculiarities: plainOddities(peculiarities).told,
      heldBack,
      notMirrored,
      published,
      unknown,
    },
    [
      ...snapshotLines(snapshot),
      ...unknown,
      `${issuers.length} issuers in the directory; it has not reached ${stale} of them for 30 days` +
        (undated === 0 ? '' : `, and does not say when it reached ${undated}`),
      `${written.issuers} issuers listed, ${written.updated} renamed; ${written.keys} keys listed, ` +
        `${written.revocable} made revocable, ${written.retired} retired`,
      `${written.anchored} revocation lists anchored, ${published.length} published`,
      ...oddityLines(oddities),
      ...peculiarityLines(peculiarities),
      ...leftLines([...heldBack, ...notMirrored]),
      ...refusedLines(refused),
      `${written.transactions + written.anchored} transactions`,
    ],
    options,
  );
}
