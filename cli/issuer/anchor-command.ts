import type { Issuer } from '../../agent/issuer.ts';
import { UsageError } from '../exit.ts';
import { withProgress } from '../trust/progress.ts';
import { auditAnchorInWords, signAudit } from './anchor-audit.ts';
import { signAnchors } from './anchor.ts';
import { runAnchorLoop } from './anchor-loop.ts';
import { anchorRun, publishedIn, type AnchorRun, type AnchorRunOptions } from './anchor-run.ts';
import { listWords, roomWords, standingWords } from './anchor-words.ts';
import { connectIssuer, type Connection } from './connect.ts';
import { warnOfKey } from './key-warning.ts';
import { strangerLines } from './key-words.ts';
import { assertNoneLacking } from './missed-revocations.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export interface AnchorOptions extends IssuerOptions, Omit<AnchorRunOptions, 'unchanged'> {
  readonly ifChanged?: boolean;
  readonly instructions?: string;
  /** Seconds. */
  readonly every?: number;
}

/** `pratique issuer anchor`: once, or on and on, or signed for somebody else to send. */
export async function runAnchor(options: AnchorOptions): Promise<void> {
  const { every, instructions, ifChanged, json } = options;
  if (every !== undefined && (instructions !== undefined || ifChanged === true)) {
    throw new UsageError('--every goes with neither --instructions nor --if-changed.');
  }
  if (every !== undefined) {
    await runAnchorLoop({ ...options, every });
    return;
  }
  await withIssuer(options, async (issuer) => {
    if (instructions !== undefined) {
      const connection = await connectIssuer(issuer, options);
      await sign(issuer, connection, { ...options, folder: instructions });
      return;
    }
    const work = async (): Promise<AnchorRun> =>
      anchorRun(issuer, { ...options, unchanged: ifChanged === true ? 'never' : 'always' });
    const run = json === true ? await work() : await alarming(issuer, work);
    const warning = warnOfKey(issuer, options);
    const strangers = issuer.restoration.strangers(issuer.did);
    report(options, { ...run, warning, strangers }, [
      ...run.lists.flatMap(linesOf),
      auditAnchorInWords(run.audit),
      ...strangerLines(strangers),
    ]);
  });
}

/** With words for people about what did not get through. */
async function alarming(issuer: Issuer, work: () => Promise<AnchorRun>): Promise<AnchorRun> {
  try {
    return await withProgress('Waiting for the chain', work);
  } catch (error) {
    const { now } = issuer.anchoring.standing;
    if (now.failing !== undefined) process.stderr.write(`${standingWords(now, true).join('\n')}\n`);
    throw error;
  }
}

/** What became of a list, and where it was written. */
function linesOf(list: AnchorRun['lists'][number]): readonly string[] {
  const { revoked, length, file, files } = list;
  return [
    listWords(list),
    `  ${revoked} of ${length} bits revoked; written to ${file} and ${files.length - 1} files of other forms`,
    ...roomWords(list).map((words) => `  ${words}`),
  ];
}

/** Signs what would be anchored. No file for venues is written: it would be ahead of the chain. */
async function sign(
  issuer: Issuer,
  { client, binding }: Connection,
  options: AnchorOptions & { readonly folder: string },
): Promise<void> {
  const signed = await signAnchors(issuer, client, {
    rpcUrl: binding.rpcUrl,
    folder: options.folder,
    room: options.room ?? 0,
    lists: publishedIn(options),
    disown: options.disown === true,
  });
  assertNoneLacking(issuer);
  const { issuerId } = binding;
  const audit = await signAudit(issuer, client, { issuerId, folder: options.folder, after: signed.length });
  report(
    options,
    { signed, audit },
    signed.length === 0 && audit.file === undefined
      ? ['Every list stands on the chain as it is, and so does the audit log.']
      : [
          ...(audit.file === undefined
            ? []
            : [`Audit log: ${audit.records} records, counter ${audit.counter}, signed into ${audit.file}`]),
          ...signed.map(({ kid, counter, file }) => `List ${kid}: counter ${counter}, signed into ${file}`),
          '  next     have them relayed, then `pratique issuer anchor --if-changed`',
        ],
  );
}
