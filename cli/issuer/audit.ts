import { AUDIT_LIST, chainFinding } from '../../agent/audit/audit-anchor.ts';
import { openAuditFolder, type AuditFolder } from '../../agent/audit/audit-folder.ts';
import type { Examination } from '../../agent/audit/examine-log.ts';
import { findingInWords, type Finding } from '../../agent/audit/finding.ts';
import { moment } from '../../contracts/moment.ts';
import { readAnchors, readChainId, readLatestBlock, type AnchorReading } from '../../contracts/log-reader.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import { encodeListName } from '../../contracts/registry-encoding.ts';
import { readConfig } from '../config.ts';
import { EXIT } from '../exit.ts';
import { withProgress } from '../trust/progress.ts';
import { deedInWords } from './audit-words.ts';
import { readPassphrase } from './passphrase.ts';
import { report, type IssuerOptions } from './session.ts';

export interface AuditVerifyOptions extends IssuerOptions {
  readonly rpc?: string;
  readonly registry?: string;
  readonly issuerId?: number;
}

export interface AuditListOptions extends IssuerOptions {
  readonly last: number;
}

/** What the chain was asked: nothing, if the folder is tied to none or its node does not answer. */
type ChainAnswer =
  AnchorReading | { readonly notAsked: 'no registry is said or remembered' | 'its node does not answer' };

/** `pratique issuer audit verify`: exit 0 if all is sound, 65 if anything is not. */
export async function runAuditVerify(options: AuditVerifyOptions): Promise<void> {
  await withAuditFolder(options, async (folder) => {
    const [examined, chain] = await withProgress('Holding the store against its log', async () => [
      await folder.examine(),
      await askChain(folder, options),
    ]);
    const findings = [...examined.findings, ...(await chainFindings(folder, examined, chain))];
    if (findings.length > 0) process.exitCode = EXIT.refused;
    const { place, seals, restores, more } = examined;
    const said = findings.map((finding) => ({ ...finding, message: findingInWords(finding) }));
    const json = { sound: findings.length === 0, records: place.n, head: place.hash, seals, restores };
    report(options, { ...json, findings: said, more, chain }, linesOf(examined, findings, chain));
  });
}

/** `pratique issuer audit list`: what was done, oldest first. */
export async function runAuditList(options: AuditListOptions): Promise<void> {
  await withAuditFolder(options, async (folder) => {
    const records = await folder.reader.latestDeeds(options.last);
    report(
      options,
      { records: records.map(({ n, at, entries }) => ({ n, at, entries })) },
      records.flatMap(({ n, at, entries }) =>
        entries.map((entry) => `${n}  ${moment(at)}  ${deedInWords(entry)}`),
      ),
    );
  });
}

async function withAuditFolder(
  { dir, passphraseFile }: IssuerOptions,
  run: (folder: AuditFolder) => Promise<void>,
): Promise<void> {
  const passphrase = await readPassphrase({ file: passphraseFile, question: 'Passphrase of the issuer' });
  const folder = await openAuditFolder(dir, passphrase, readConfig().databaseUrl);
  try {
    await run(folder);
  } finally {
    await folder.close();
  }
}

async function askChain(folder: AuditFolder, options: AuditVerifyOptions): Promise<ChainAnswer> {
  const bound = await folder.binding().catch(() => undefined);
  const rpcUrl = options.rpc ?? bound?.rpcUrl;
  const registry = options.registry ?? bound?.registry;
  const issuerId = options.issuerId ?? bound?.issuerId;
  if (rpcUrl === undefined || registry === undefined || issuerId === undefined) {
    return { notAsked: 'no registry is said or remembered' };
  }
  try {
    const expected = registry === bound?.registry ? { expectedChainId: bound.chainId } : {};
    await readChainId(rpcUrl, expected);
    const { number } = await readLatestBlock(rpcUrl);
    const refs = [{ issuerId, list: encodeListName(AUDIT_LIST) }];
    const [anchor] = (await readAnchors(rpcUrl, registry, refs, number)).anchors;
    if (anchor === undefined) throw new RegistryError('CHAIN_ANSWER_INVALID', 'The chain told of no anchor.');
    return anchor;
  } catch (error) {
    // A node that was named must answer; of one that is only remembered the rest can be told all the same.
    const gone = error instanceof RegistryError && error.code === 'CHAIN_UNAVAILABLE';
    if (options.rpc === undefined && gone) return { notAsked: 'its node does not answer' };
    throw error;
  }
}

async function chainFindings(
  { reader }: AuditFolder,
  examined: Examination,
  chain: ChainAnswer,
): Promise<readonly Finding[]> {
  if ('notAsked' in chain || chain.counter === 0) return [];
  const finding = chainFinding(chain, await reader.hashOf(chain.length), examined);
  return finding === undefined ? [] : [finding];
}

function linesOf(
  { place, seals, restores, more }: Examination,
  findings: readonly Finding[],
  chain: ChainAnswer,
): readonly string[] {
  const [first] = findings;
  const said =
    first === undefined
      ? [
          `The audit log is sound, and the store is what it says: ${place.n} records, ${seals} segments sealed.`,
        ]
      : [
          `BROKEN: ${findingInWords(first)}.`,
          ...findings.slice(1).map((finding) => `  then     ${findingInWords(finding)}`),
          ...(more ? ['  then     more of the kind'] : []),
          '  next     keep a copy of the folder, then restore a backup: `pratique issuer restore`',
        ];
  const restored = restores.map(
    (n) =>
      `  restored from a backup, by record ${n}: what was done before it since that backup stands in no log`,
  );
  return [...said, ...restored, `  chain    ${chainInWords(chain)}`];
}

function chainInWords(chain: ChainAnswer): string {
  if ('notAsked' in chain) return `not asked: ${chain.notAsked}`;
  if (chain.counter === 0) return 'holds nothing of this log yet: run `pratique issuer anchor`';
  return `holds record ${chain.length} since ${moment(chain.time)}, counter ${chain.counter}`;
}
