import { createHash } from 'node:crypto';
import { readEntries } from '../../contracts/history.ts';
import { moment } from '../../contracts/moment.ts';
import { encodeJurisdiction, encodeRulesId } from '../../contracts/registry-encoding.ts';
import { readFileUpTo } from '../../verifier/node/read-file.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import { UsageError } from '../exit.ts';
import type { EndRulesOptions, PublishRulesOptions } from './commands/rules.ts';
import { connectReader, withSender } from './connect.ts';
import type { RegistryOptions } from './options.ts';
import { print, printWritten } from './print.ts';

/** A rule set is a page of JSON; a bound on what a wrong path makes us read. */
const MAX_RULES_BYTES = 16 * 1024 * 1024;

const NO_DIGEST = /^0x0+$/;

/** `pratique registry rules publish`. */
export async function publishRules(
  jurisdiction: string,
  id: string,
  options: PublishRulesOptions,
): Promise<void> {
  const digest = await digestOf(options);
  await publish({ jurisdiction, id, digest, uri: options.uri }, options);
}

/** `pratique registry rules end`. */
export async function endRules(jurisdiction: string, id: string, options: EndRulesOptions): Promise<void> {
  await publish({ jurisdiction, id, digest: null, uri: '' }, options);
}

async function publish(
  rules: { jurisdiction: string; id: string; digest: string | null; uri: string },
  options: EndRulesOptions,
): Promise<void> {
  const { jurisdiction, id, digest } = rules;
  const written = await withSender(options, async (client) => {
    const version = options.ruleVersion ?? (await client.rulesOf(jurisdiction, id)).version + 1;
    const terms = { ...rules, version, validFrom: options.from };
    return { ...(await client.publishRules(terms)), version, digest };
  });
  printWritten(
    digest === null
      ? `Rules ${id} of ${jurisdiction} end with version ${written.version}`
      : `Rules ${id} of ${jurisdiction} are published, version ${written.version}, digest ${digest}`,
    written,
    options,
  );
}

/** `pratique registry rules show`. */
export async function showRules(jurisdiction: string, id: string, options: RegistryOptions): Promise<void> {
  const client = await connectReader(options);
  const rules = await client.rulesOf(jurisdiction, id);
  const entries = await readEntries(options.rpc, options.registry, {
    events: ['RulesPublished'],
    first: encodeJurisdiction(jurisdiction),
    second: encodeRulesId(id),
  });
  const uri = String(entries.at(-1)?.details['uri'] ?? '');
  const { version, validFrom, digest } = rules;
  const begins = validFrom === 0 ? '' : ` from ${moment(validFrom)} on`;
  const what = NO_DIGEST.test(digest) ? 'ended' : `digest ${digest}${uri === '' ? '' : `, ${uri}`}`;
  print(
    { jurisdiction, id, ...rules, ended: version > 0 && NO_DIGEST.test(digest), uri },
    version === 0
      ? [`${jurisdiction} has published no rules ${id}`]
      : [`Rules ${id} of ${jurisdiction}, version ${version}${begins}: ${what}`],
    options,
  );
}

async function digestOf({ digest, file }: PublishRulesOptions): Promise<string> {
  if ((digest === undefined) === (file === undefined)) {
    throw new UsageError('Say either --digest or --file.');
  }
  if (file === undefined) return digest ?? '';
  let bytes: Uint8Array | 'too-large';
  try {
    bytes = await readFileUpTo(file, MAX_RULES_BYTES);
  } catch {
    throw new TrustError('FILE_UNREADABLE', `The file ${file} cannot be read.`);
  }
  if (bytes === 'too-large') {
    throw new TrustError('FILE_UNREADABLE', `The file ${file} is larger than 16 MB.`);
  }
  return `0x${createHash('sha256').update(bytes).digest('hex')}`;
}
