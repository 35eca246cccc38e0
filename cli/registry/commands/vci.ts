import type { Command } from 'commander';
import { wholeNumber } from '../arguments.ts';
import { example, type WriteOptions, writing } from '../options.ts';

export interface SnapshotOptions extends WriteOptions {
  readonly signature?: string;
  readonly certificate?: string;
  readonly out?: string;
  readonly notes?: string;
  readonly older?: boolean;
  readonly unsigned?: boolean;
  readonly newSigner?: string;
}

export interface ImportOptions extends SnapshotOptions {
  readonly jurisdiction: string;
  readonly statusBase: string;
  readonly graceDays: number;
}

export type MirrorOptions = SnapshotOptions;

export function importVciCommand(): Command {
  return ofSnapshot(
    writing(
      'import-vci',
      'List the issuers and keys of the VCI directory, and anchor their revocation lists (accreditor).',
    ),
  )
    .requiredOption('--jurisdiction <code>', 'the jurisdiction that vouches for them, such as VCI')
    .option('--status-base <url>', 'https URL under which you publish the mirrored revocation lists', '')
    .option('--grace-days <days>', 'days that a key may be missing before it is retired', wholeNumber, 30)
    .addHelpText(
      'after',
      example(
        'import-vci vci_snapshot.json --signature vci_snapshot.sig --certificate vci_snapshot.crt --jurisdiction VCI --registry 0x…',
      ),
    )
    .action(async (path: string, options: ImportOptions) =>
      (await import('../import-vci.ts')).runImportVci(path, options),
    );
}

export function mirrorCommand(): Command {
  return ofSnapshot(
    writing(
      'mirror',
      'Anchor what issuers of a directory published of whom they revoked (accreditor or operator).',
    ),
  )
    .addHelpText('after', example('mirror vci_snapshot.json --out public --registry 0x…'))
    .action(async (path: string, options: MirrorOptions) =>
      (await import('../mirror.ts')).runMirror(path, options),
    );
}

function ofSnapshot(command: Command): Command {
  return command
    .argument('<snapshot>', 'vci_snapshot.json of the directory')
    .option('--signature <file>', "the directory's signature of the snapshot")
    .option('--certificate <file>', 'the certificate that the signature is checked with')
    .option('--out <dir>', 'write the revocation lists that agree with their anchors into this folder')
    .option(
      '--notes <file>',
      'what is remembered of earlier snapshots, a file for each directory (default: .pratique/import/<registry>.json)',
    )
    .option('--older', 'use a snapshot older than one used before; nothing is retired by it')
    .option('--unsigned', 'use an unsigned snapshot, though earlier ones were signed')
    .option('--new-signer <fingerprint>', 'the directory signs with this certificate from now on');
}
