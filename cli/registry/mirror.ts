import type { MirrorOptions } from './commands/vci.ts';
import { openSender } from './connect.ts';
import { print } from './print.ts';
import { NO_NOTES, readNotes, writeNotes } from './vci/import-notes.ts';
import { mirrorLists } from './vci/mirror-lists.ts';
import { barFor } from './vci/progress-bar.ts';
import { leftBehind } from './vci/refused.ts';
import { readRegistryState } from './vci/registry-state.ts';
import { leftLines, refusedLines, snapshotLines } from './vci/report.ts';
import { readSnapshot } from './vci/snapshot.ts';
import { assertNext, notesAfter, notesPath } from './vci/snapshot-order.ts';

/**
 * `pratique registry mirror`: anchor what issuers elsewhere published of whom they revoked, every day anew.
 *
 * @throws RegistryError REVERTED, after all else is done and printed, if the contract refused something
 */
export async function runMirror(path: string, options: MirrorOptions): Promise<void> {
  const snapshot = await readSnapshot(path, options);
  const place = notesPath(options);
  const noted = await readNotes(place);
  const notes = noted ?? NO_NOTES;
  assertNext(snapshot, notes, options, Date.now() / 1000);
  const client = await openSender(options);
  const bar = barFor(options);
  const state = await readRegistryState(options);
  await writeNotes(place, notesAfter(snapshot, notes));
  const mirrored = await mirrorLists(client, snapshot.issuers, state, { out: options.out, bar });
  const { anchored, notMirrored, refused, published } = mirrored;
  print(
    { signer: snapshot.signer, time: snapshot.time, ...mirrored },
    [
      ...snapshotLines(snapshot),
      ...(noted === undefined ? [unknownIn(place)] : []),
      `${anchored} revocation lists anchored, ${published.length} published`,
      ...leftLines(notMirrored),
      ...refusedLines(refused),
    ],
    options,
  );
  if (refused.length > 0) throw leftBehind(refused);
}

function unknownIn(place: string): string {
  return (
    `Nothing was noted of earlier snapshots at ${place}: who signed the last one is not known, nor whether it was ` +
    'newer. An anchored counter never falls.'
  );
}
