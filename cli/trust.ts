import { Command, Option } from 'commander';
import { readConfig } from './config.ts';
import { contractAddress, httpUrls, kid, wholeNumber } from './option-arguments.ts';

/** Options of `pratique trust sync`, as parsed. */
export interface SyncOptions {
  readonly rpc: readonly string[];
  readonly registry: string;
  readonly store?: string;
  readonly list?: readonly string[];
  readonly ruleFile?: readonly string[];
  readonly log?: readonly string[];
  readonly quorum?: number;
  readonly confirmations?: number;
  readonly maxBlockAge?: number;
  readonly json?: boolean;
}

/** Options of `pratique trust build`, as parsed. */
export interface BuildOptions {
  readonly issuers: string;
  readonly crl?: readonly string[];
  readonly out: string;
  readonly json?: boolean;
}

export const EXPORT_FORMS = ['bundle', 'vci-snapshot', 'did-documents', 'log'] as const;
export type ExportForm = (typeof EXPORT_FORMS)[number];

/** Options of `pratique trust export`, as parsed. */
export interface ExportOptions {
  readonly as: ExportForm;
  readonly allowUnanchored?: boolean;
  readonly store?: string;
  readonly json?: boolean;
}

/** Options of `pratique trust import`, as parsed. */
export interface ImportOptions {
  readonly exporter?: string;
  readonly store?: string;
  readonly json?: boolean;
}

/** Options of `pratique trust show`, as parsed. */
export interface ShowOptions {
  readonly store?: string;
  readonly trust?: string;
  readonly json?: boolean;
}

/** `pratique trust`: take, build and look at the trust data that `verify` decides by. */
export function trustCommand(): Command {
  return new Command('trust')
    .description('Take, build and look at the trust data that cards are verified by.')
    .addCommand(syncCommand())
    .addCommand(buildCommand())
    .addCommand(showCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand());
}

function syncCommand(): Command {
  return new Command('sync')
    .description("Replay a registry's log into a trust store, its head compared with the chain's.")
    .requiredOption(
      '--rpc <url...>',
      'JSON-RPC endpoints of nodes of the chain, of different operators if you can: most of them must tell the same',
      httpUrls,
    )
    .requiredOption('--registry <address>', 'address of the registry contract', contractAddress)
    .option('--store <dir>', 'trust store (default: .pratique/trust)')
    .option(
      '--quorum <count>',
      'endpoints that must tell the same (default: more than half of them)',
      wholeNumber,
    )
    .option(
      '--confirmations <count>',
      'blocks on top after which a block counts as final (default: what the chain itself calls final)',
      wholeNumber,
    )
    .option(
      '--max-block-age <seconds>',
      'refuse if the newest final block is older; for chains that make blocks all the time',
      wholeNumber,
    )
    .option(
      '--log <place...>',
      'the log from elsewhere: a file of `trust export --as log` or `registry log --json`, or the URL of another verifier’s /trust/log; the head decides',
    )
    .option('--list <file...>', 'revocation data to hold: status lists or CRLs as their issuers publish them')
    .option(
      '--rule-file <file...>',
      'rule sets and value sets to hold: only what a jurisdiction published by its digest is taken',
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  pratique trust sync --rpc http://127.0.0.1:8545 --registry 0x5FbD… --list public/status/*\n' +
        '  pratique trust sync --rpc https://a.example https://b.example https://c.example --registry 0x5FbD…',
    )
    .action(async (options: SyncOptions) => {
      const { runSync } = await import('./trust/sync.ts');
      await runSync(options, readConfig());
    });
}

function buildCommand(): Command {
  return new Command('build')
    .description('Build a trust bundle from a directory snapshot: tied to no chain, for development only.')
    .requiredOption('--issuers <file>', 'VCI snapshot: issuers, their keys, their CRLs')
    .option('--crl <file...>', 'further revocation lists of SMART Health Card issuers')
    .requiredOption('--out <bundle>', 'where to write the bundle')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  pratique trust build --issuers vci_snapshot.json --crl crl/*.json --out dev.bundle',
    )
    .action(async (options: BuildOptions) => {
      const { runBuild } = await import('./trust/build.ts');
      await runBuild(options);
    });
}

function showCommand(): Command {
  return new Command('show')
    .description('Say what trust data is held, where it is from and how old it is.')
    .option('--store <dir>', 'trust store (default: .pratique/trust)')
    .option('--trust <bundle>', 'a bundle instead of a store')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  pratique trust show --trust dev.bundle')
    .action(async (options: ShowOptions) => {
      const { runShow } = await import('./trust/show.ts');
      await runShow(options, readConfig());
    });
}

function exportCommand(): Command {
  return new Command('export')
    .description(
      'Write what a trust store holds into one file: for a venue without network, or for other verifiers.',
    )
    .argument('<out>', 'the file to write')
    .addOption(
      new Option(
        '--as <form>',
        'a bundle signed by this store, a VCI snapshot, DID documents, or the log for other verifiers',
      )
        .choices(EXPORT_FORMS)
        .default('bundle'),
    )
    .option('--store <dir>', 'trust store (default: .pratique/trust)')
    .option(
      '--allow-unanchored',
      'also in forms that do not say that nobody ties the data to a chain (for development)',
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  pratique trust export venue.bundle\n  pratique trust export snapshot.json --as vci-snapshot',
    )
    .action(async (out: string, options: ExportOptions) => {
      const { runExport } = await import('./trust/export.ts');
      await runExport(out, options, readConfig());
    });
}

function importCommand(): Command {
  return new Command('import')
    .description('Hold a bundle in a trust store: for a venue without network.')
    .argument('<bundle>', 'the file that another verifier exported, or the URL of its /trust/bundle')
    .option(
      '--exporter <kid>',
      'the exporter that you trust, as its `trust show` says; from then on this store trusts no other',
      kid,
    )
    .option('--store <dir>', 'trust store (default: .pratique/trust)')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  pratique trust import venue.bundle --exporter 3Kfd…\n' +
        'Without a trusted exporter, cards are “undetermined” (TRUST_UNANCHORED) unless --allow-unanchored is given.',
    )
    .action(async (bundle: string, options: ImportOptions) => {
      const { runImport } = await import('./trust/import.ts');
      await runImport(bundle, options, readConfig());
    });
}
