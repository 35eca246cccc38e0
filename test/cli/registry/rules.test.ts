import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readRulesDocument, registryVersionOf } from '../../../cli/registry/rules-document.ts';
import { startClients } from '../../contracts/clients.ts';
import type { Clients } from '../../contracts/clients.ts';
import { word } from '../../contracts/ledger.ts';
import { startAnvil } from '../../support/anvil.ts';
import { RegistryCli } from '../../support/registry-cli.ts';
import { changedText, ruleDigest, shippedText } from '../../support/published-rules.ts';

const USAGE = { status: 64, code: 'USAGE' } as const;
const REFUSED = { status: 65, code: 'REVERTED' } as const;

let clients: Clients;
let folder: string;
let cli: RegistryCli;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-rules-'));
  clients = await startClients(startAnvil);
  cli = new RegistryCli(clients.chain.rpcUrl, clients.address);
  await clients.governor.openJurisdiction('US-NY', 'New York', await clients.accreditor.sender());
});
after(async () => {
  await clients.stop();
  await rm(folder, { recursive: true });
});

/** A rule set in a file. */
async function write(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}
const named = (id: string, version: string): string =>
  changedText(shippedText('US-NY/ENTRY'), (json) => Object.assign(json, { id, version }));
const publish = (id: string, file: string, ...more: readonly string[]): readonly string[] =>
  ['rules', 'publish', 'US-NY', id, '--file', file, '--account', '1'].concat(more);

test('the registry’s number of a rule set rises as its semantic version does, and stays exact', () => {
  const rising = ['0.0.1', '0.0.99999', '0.1.0', '0.99999.99999', '1.0.0', '1.2.3', '1.10.0', '2.0.0'];
  const numbers = [...rising, '99999.99999.99999'].map(registryVersionOf);
  assert.deepEqual(
    numbers.toSorted((one, other) => one - other),
    numbers,
  );
  assert.equal(new Set(numbers).size, numbers.length);
  assert.equal(registryVersionOf('1.2.3'), 10_000_200_003);
  assert.equal(numbers.at(-1), 999_999_999_999_999);
  assert.ok(Number.isSafeInteger(numbers.at(-1)));
});

test('a rule set and a value set are published under the number of their own version', async () => {
  for (const [id, text] of [
    ['ENTRY', shippedText('US-NY/ENTRY')],
    ['COVID-19', shippedText('US-NY/COVID-19')],
  ] as const) {
    const file = await write(`${id}.json`, text);
    const published = await cli.json(...publish(id, file));
    assert.partialDeepStrictEqual(published, { version: 10_000_000_000, digest: ruleDigest(text) });
  }
});

test('a version that is not above the last is refused before anything is sent, and by the contract', async () => {
  const at = async (version: string): Promise<string> => write(`${version}.json`, named('RISING', version));
  await cli.json(...publish('RISING', await at('1.1.0')));
  for (const version of ['1.1.0', '1.0.9', '0.9.0']) {
    const sentence = await cli.refused(USAGE, ...publish('RISING', await at(version)));
    assert.match(sentence, /is not above/);
  }
  const number = String(registryVersionOf('1.0.9'));
  await cli.refused(
    { ...REFUSED, refusal: 'VersionNotRising' },
    ...publish('RISING', await at('1.0.9'), '--rule-version', number),
  );
  assert.partialDeepStrictEqual(await cli.json(...publish('RISING', await at('1.1.1'))), {
    version: registryVersionOf('1.1.1'),
  });
  // An end takes the next number; what begins again is above it.
  assert.partialDeepStrictEqual(await cli.json('rules', 'end', 'US-NY', 'RISING', '--account', '1'), {
    version: registryVersionOf('1.1.2'),
  });
  await cli.refused(USAGE, ...publish('RISING', await at('1.1.2')));
  await cli.json(...publish('RISING', await at('1.2.0')));
});

test('with the file that was published last, a version of any number has to be above its own', async () => {
  const last = await write('last.json', named('NUMBERED', '1.5.0'));
  await cli.json(...publish('NUMBERED', last, '--rule-version', '1'));
  const [lower, higher] = [
    await write('lower.json', named('NUMBERED', '1.4.0')),
    await write('higher.json', named('NUMBERED', '1.6.0')),
  ];
  const next = ['--rule-version', '2'];
  assert.match(
    await cli.refused(USAGE, ...publish('NUMBERED', lower, ...next, '--previous', last)),
    /1\.4\.0 is not above 1\.5\.0/,
  );
  assert.match(
    await cli.refused(USAGE, ...publish('NUMBERED', higher, ...next, '--previous', lower)),
    /not what was published last/,
  );
  const other = await write('other.json', '{}');
  await cli.refused(USAGE, ...publish('NUMBERED', higher, ...next, '--previous', other));
  await cli.refused(USAGE, ...publish('NUMBERED', other, ...next, '--previous', last));
  assert.partialDeepStrictEqual(await cli.json(...publish('NUMBERED', higher, ...next, '--previous', last)), {
    version: 2,
  });
});

test('a file that says it is ours and is not sound, or another’s, is not published', async () => {
  const entry = shippedText('US-NY/ENTRY');
  for (const [what, content, sentence] of [
    ['of another id', named('OTHER', '1.0.0'), /is US-NY\/OTHER, and was to be published as US-NY\/SOUND/],
    [
      'of another jurisdiction',
      changedText(entry, (json) => Object.assign(json, { jurisdiction: 'US-NJ', id: 'SOUND' })),
      /is US-NJ\/SOUND/,
    ],
    [
      'with a member too many',
      changedText(entry, (json) => (json['more'] = 1)),
      /pratique-rule-set-1, and holds/,
    ],
    ['without a version', changedText(entry, (json) => Object.assign(json, { version: '1.0' })), /holds/],
    ['of a format to come', changedText(entry, (json) => (json['format'] = 'pratique-rule-set-2')), /holds/],
    [
      'a value set with a text for a number',
      changedText(shippedText('US-NY/COVID-19'), (json) => Object.assign(json.numbers, { waitDays: '14' })),
      /pratique-value-set-1, and holds/,
    ],
    ['with a byte order mark', `\ufeff${named('SOUND', '1.0.0')}`, /byte order mark/],
    ['larger than a venue holds', named('SOUND', '1.0.0') + ' '.repeat(2 ** 20), /larger than 1 MB/],
  ] as const) {
    const file = await write('unsound.json', content);
    assert.match(await cli.refused(USAGE, ...publish('SOUND', file)), sentence, what);
  }
  const shown = await cli.json('rules', 'show', 'US-NY', 'SOUND');
  assert.equal(shown['version'], 0);
});

test('of a file of another format only the digest is taken, under the next number', async () => {
  for (const [index, content] of ['{}', 'plain text', '{"format":"other-1"}', '[]'].entries()) {
    const file = await write('other', content);
    assert.partialDeepStrictEqual(await cli.json(...publish('FREE', file)), {
      version: index + 1,
      digest: ruleDigest(content),
    });
  }
  const latin = Buffer.from('{"format":"é"}', 'latin1');
  assert.deepEqual(readRulesDocument(latin), { digest: ruleDigest(latin), content: undefined });
  const digest = ['rules', 'publish', 'US-NY', 'FREE', '--digest', word('rules'), '--account', '1'];
  assert.partialDeepStrictEqual(await cli.json(...digest), { version: 5 });
});
