import { withProgress } from '../trust/progress.ts';
import { summaryLines } from './backup-words.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

/** `pratique issuer backup`. */
export async function runBackup(out: string, options: IssuerOptions): Promise<void> {
  await withIssuer(options, async (issuer) => {
    const summary = await withProgress('Backing up', async () => issuer.backup(out));
    report(options, { file: out, ...summary }, [
      `Backup written to ${out}, read back and found whole.`,
      ...summaryLines(summary),
      '  keep     another copy elsewhere; whoever has it and the passphrase has the keys',
    ]);
  });
}
