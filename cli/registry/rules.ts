import { readEntries } from '../../contracts/history.ts';
import { moment } from '../../contracts/moment.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { encodeJurisdiction, encodeRulesId } from '../../contracts/registry-encoding.ts';
import { readFileUpTo } from '../../verifier/node/read-file.ts';
import { compareVersions } from '../../verifier/pipeline/rules/rule-set.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import { UsageError } from '../exit.ts';
import type { EndRulesOptions, PublishRulesOptions } from './commands/rules.ts';
import { connectReader, withSender } from './connect.ts';
import type { RegistryOptions } from './options.ts';
import { print, printWritten } from './print.ts';
import { readRulesDocument, registryVersionOf } from './rules-document.ts';
import type { RulesDocument } from './rules-document.ts';

/** Of files of other formats, too: a bound on what a wrong path makes us read. */
const MAX_RULES_BYTES = 16 * 1024 * 1024;

const NO_DIGEST = /^0x0+$/;

/**
 * `pratique registry rules publish`. A file that says that it is a rule set or value set has to be one, of the name that it
 * is published under, and of a higher version than the last.
 */
export async function publishRules(
  jurisdiction: string,
  id: string,
  options: PublishRulesOptions,
): Promise<void> {
  const { digest, content } = await documentOf(options);
  const previous = options.previous === undefined ? undefined : await readDocument(options.previous);
  const name = `${jurisdiction}/${id}`;
  if (content !== undefined && `${content.jurisdiction}/${content.id}` !== name) {
    throw new UsageError(
      `The file is ${content.jurisdiction}/${content.id}, and was to be published as ${name}.`,
    );
  }
  if (previous !== undefined) assertRising(content, previous);
  await publish({ jurisdiction, id, digest, uri: options.uri }, options, (last) => {
    if (previous !== undefined && previous.digest !== last.digest) {
      throw new UsageError(`The file given with --previous is not what was published last as ${name}.`);
    }
    if (options.ruleVersion !== undefined) return options.ruleVersion;
    if (content === undefined) return last.version + 1;
    const version = registryVersionOf(content.version);
    // The contract would refuse it as well, in other words.
    if (version > last.version) return version;
    throw new UsageError(
      `Version ${content.version} (${version}) is not above what was published last as ${name} (${last.version}): raise it in the file, or say --rule-version.`,
    );
  });
}

/** `pratique registry rules end`. */
export async function endRules(jurisdiction: string, id: string, options: EndRulesOptions): Promise<void> {
  const rules = { jurisdiction, id, digest: null, uri: '' };
  await publish(rules, options, ({ version }) => options.ruleVersion ?? version + 1);
}

/** The last version of a rule set in the registry. */
type LastVersion = Awaited<ReturnType<RegistryClient['rulesOf']>>;

/** @param versionAfter the number of what follows the last version */
async function publish(
  rules: { jurisdiction: string; id: string; digest: string | null; uri: string },
  options: EndRulesOptions,
  versionAfter: (last: LastVersion) => number,
): Promise<void> {
  const { jurisdiction, id, digest } = rules;
  const written = await withSender(options, async (client) => {
    const version = versionAfter(await client.rulesOf(jurisdiction, id));
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

function assertRising(content: RulesDocument['content'], previous: RulesDocument): void {
  if (content === undefined || previous.content === undefined) {
    throw new UsageError('--previous is for rule sets and value sets, whose files say their version.');
  }
  if (compareVersions(content.version, previous.content.version) <= 0) {
    throw new UsageError(
      `Version ${content.version} is not above ${previous.content.version}, that of the previous file.`,
    );
  }
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

async function documentOf({ digest, file }: PublishRulesOptions): Promise<RulesDocument> {
  if ((digest === undefined) === (file === undefined)) {
    throw new UsageError('Say either --digest or --file.');
  }
  return file === undefined ? { digest: digest ?? '', content: undefined } : readDocument(file);
}

async function readDocument(file: string): Promise<RulesDocument> {
  let bytes: Uint8Array | 'too-large';
  try {
    bytes = await readFileUpTo(file, MAX_RULES_BYTES);
  } catch {
    throw new TrustError('FILE_UNREADABLE', `The file ${file} cannot be read.`);
  }
  if (bytes === 'too-large') {
    throw new TrustError('FILE_UNREADABLE', `The file ${file} is larger than 16 MB.`);
  }
  return readRulesDocument(bytes);
}
