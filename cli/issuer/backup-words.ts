import type { BackupSummary } from '../../agent/backup/backup-tally.ts';

/** What is in a backup, in lines. */
export function summaryLines({ takenAt, records, bytes, keys }: BackupSummary): readonly string[] {
  return [
    `  taken    ${new Date(takenAt * 1000).toISOString()}`,
    `  holds    ${records} records, in ${bytes} bytes`,
    ...keys.map(
      ({ kid, issued, revoked }) =>
        `  key      ${kid}: ${issued} places of its list taken, ${revoked} revoked`,
    ),
  ];
}
