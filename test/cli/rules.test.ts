import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { shippedRules } from '../../verifier/node/shipped-rules.ts';
import { signBundle } from '../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../verifier/node/exporter-key.ts';
import { ruleFilesOf } from '../../verifier/pipeline/rules/rule-files.ts';
import type { TrustDocument } from '../../verifier/pipeline/trust-document.ts';
import { JURISDICTION, mintCard, newKey, trustDocument, trustedKey } from '../support/cards.ts';
import { run, verifyJson } from '../support/cli.ts';
import type { Ended } from '../support/cli.ts';
import { about, draftRule, draftSet, draftTests, draftValueSet, SPOILT } from '../support/draft-rules.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-rules-'));
});
after(() => rm(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);
const rules = async (...args: readonly string[]): Promise<Ended> =>
  run('pratique', ['rules', ...args], { cwd: folder });

async function json<T>(...args: readonly string[]): Promise<T> {
  const { stdout, stderr } = await rules(...args, '--json');
  assert.equal(stderr, '');
  return JSON.parse(stdout) as T;
}

/** What a command that fails says with --json, and its exit status. */
async function failure(...args: readonly string[]): Promise<readonly [string, number | null, string]> {
  const { stdout, stderr, status } = await rules(...args, '--json');
  assert.equal(stdout, '');
  const { error } = JSON.parse(stderr) as { error: { code: string; message: string } };
  assert.match(error.message, /^\S.*\.$/);
  return [error.code, status, error.message];
}

/** A department's draft in a folder of its own: the set, its value set, its tests. */
async function draft(
  name: string,
  set: object = draftSet(),
  tests: object | null = draftTests(),
): Promise<string> {
  await mkdir(path(name));
  await writeFile(path(`${name}/ENTRY.json`), JSON.stringify(set));
  await writeFile(path(`${name}/COVID-19.json`), JSON.stringify(draftValueSet()));
  if (tests !== null) await writeFile(path(`${name}/ENTRY.tests.json`), JSON.stringify(tests));
  return path(`${name}/ENTRY.json`);
}

/** A bundle in which New York published what comes with the program; `content` may take something back. */
async function bundle(name: string, content: Partial<TrustDocument> = {}): Promise<string> {
  const document = trustDocument({
    takenAt: Math.floor(Date.now() / 1000),
    jurisdictions: [JURISDICTION, { ...JURISDICTION, code: 'US-NY' }],
    rules: ruleFilesOf(shippedRules().map(({ text }) => text)).flatMap(({ name: full = '', digest }) => {
      const [jurisdiction = '', id = ''] = full.split('/');
      return jurisdiction === 'US-NY' ? { jurisdiction, id, version: 1, validFrom: 5, digest, uri: '' } : [];
    }),
    ...content,
  });
  await writeFile(path(name), signBundle(document, oneTimeExporterKey()));
  return path(name);
}

interface Listed {
  readonly rules: readonly Record<
    'name' | 'kind' | 'state' | 'fault' | 'file' | 'title' | 'digest',
    string | null
  >[];
}

describe('pratique rules list', () => {
  test('names every set and value set that comes with the program, with the file to publish', async () => {
    const { stdout, status } = await rules('list');
    assert.equal(status, 0);
    assert.match(
      stdout,
      /^Rule sets\n.*\n {2}US-NY\/ENTRY {2}1\.0\.0 {2}Vaccinated or tested \(New York\)\n {4}state {3}It comes with the program; [^\n]*\n {4}digest {2}0x[0-9a-f]{64}\n {4}file {4}\S*US-NY\/ENTRY\.json\n.*^Value sets\n/ms,
    );
    const listed = await json<Listed>('list', '--lang', 'es');
    assert.equal(listed.rules.length, 9);
    for (const { state, file, digest } of listed.rules) {
      assert.equal(state, 'shipped-only');
      assert.equal(ruleFilesOf([await readFile(file ?? '', 'utf8')])[0]?.digest, digest);
    }
    const entry = listed.rules.find(({ name }) => name === 'US-NY/ENTRY');
    assert.deepEqual([entry?.kind, entry?.title], ['rule-set', 'Vacunación o prueba negativa (Nueva York)']);
  });

  test('says what is published and whether it can be used', async () => {
    const { rules: listed } = await json<Listed>('list', '--trust', await bundle('published'));
    const state = (name: string): unknown[] => {
      const one = listed.find((each) => each.name === name);
      return [one?.state, one?.fault];
    };
    assert.deepEqual(state('US-NY/ENTRY'), ['in-force', null]);
    assert.deepEqual(state('US-NY/COVID-19'), ['in-force', null]);
    // Its base is published by nobody.
    assert.deepEqual(state('US-NY/OUT-OF-STATE'), ['unusable', 'NOT_PUBLISHED']);
    assert.deepEqual(state('US/FULLY-VACCINATED'), ['shipped-only', null]);
  });

  test('says what is not here, and that no file is the one that was published', async () => {
    const other = { version: 1, validFrom: 5, digest: `0x${'12'.repeat(32)}`, uri: '' };
    const trust = await bundle('others', {
      rules: [
        { jurisdiction: 'US-NO', id: 'ENTRY', ...other },
        { jurisdiction: 'US-NY', id: 'ENTRY', ...other },
      ],
    });
    const { stdout } = await rules('list', '--trust', trust);
    assert.match(
      stdout,
      /Published documents that are not here\n {2}US-NO\/ENTRY\n {4}state {3}The acceptance rules are not here; synchronise, or bring their file\.\n {4}digest {2}0x1212[12]*\n {2}US-NY\/ENTRY\n {4}state {3}The acceptance rules here are not those that were published\.\n/,
    );
  });

  test('refuses trust data that was named and is not there, or does not hold', async () => {
    assert.deepEqual((await failure('list', '--trust', path('none'))).slice(0, 2), ['FILE_UNREADABLE', 65]);
    assert.deepEqual((await failure('list', '--store', path('none'))).slice(0, 2), ['FILE_UNREADABLE', 65]);
    await writeFile(path('damaged'), 'a.b.c');
    assert.deepEqual((await failure('list', '--trust', path('damaged'))).slice(0, 2), [
      'DOCUMENT_MALFORMED',
      65,
    ]);
    assert.deepEqual((await failure('list', '--trust', 'a', '--store', 'b')).slice(0, 2), ['USAGE', 64]);
  });
});

describe('pratique rules explain', () => {
  test('says what a set asks in the language asked for', async () => {
    const { stdout, status } = await rules('explain', 'EVENT-72H', '--lang', 'zh-TW');
    assert.equal(status, 0);
    assert.match(stdout, /^活動.*US-NY\/EVENT-72H 1\.0\.0\n隨程式附上；/s);
    assert.match(stdout, /規則從活動時間往前推算：請提供活動開始時間。/);
    assert.match(stdout, / – 採樣時間須在活動開始前 72 小時以內。 \(TR-US-NY-0009\)\n/);
    const told = await json<Record<string, unknown>>('explain', 'US-NY/EVENT-72H');
    assert.deepEqual(
      [told['set'], told['state'], told['needsEvent']],
      ['US-NY/EVENT-72H', 'shipped-only', true],
    );
  });

  test('explains a file with the numbers of the value set beside it, also before and after its window', async () => {
    const past = draftSet();
    past['validTo'] = '2022-01-01T00:00:00Z';
    const { stdout, status } = await rules('explain', await draft('explained', past));
    assert.equal(status, 0);
    assert.match(
      stdout,
      /^Entry {2}US-NO\/ENTRY 1\.0\.0\nIt holds from 2021-01-01T00:00:00Z to before 2022-/,
    );
    assert.match(stdout, / – At least 14 days must have passed\. \(VR-US-NO-0001\)\n$/);
  });

  test('does not explain what comes with the program in the place of what was published', async () => {
    const trust = await bundle('replaced', {
      rules: [
        {
          jurisdiction: 'US-NY',
          id: 'ENTRY',
          version: 1,
          validFrom: 5,
          digest: `0x${'12'.repeat(32)}`,
          uri: '',
        },
      ],
    });
    for (const name of ['US-NY/ENTRY', 'ENTRY']) {
      const [code, status, message] = await failure('explain', name, '--trust', trust);
      assert.deepEqual([code, status], ['RULES_UNAVAILABLE', 65]);
      assert.equal(message, 'US-NY/ENTRY: The acceptance rules here are not those that were published.');
    }
  });

  test('refuses a name that is none or several, a value set, and a file that does not hold', async () => {
    assert.deepEqual((await failure('explain', 'EXIT')).slice(0, 2), ['USAGE', 64]);
    const [code, status, message] = await failure('explain', 'FULLY-VACCINATED');
    assert.deepEqual([code, status], ['USAGE', 64]);
    assert.match(message, /US-NY\/FULLY-VACCINATED or US\/FULLY-VACCINATED|US\/FULLY-VACCINATED or US-NY\//);
    assert.deepEqual((await failure('explain', 'US-NY/COVID-19')).slice(0, 2), ['USAGE', 64]);
    assert.deepEqual((await failure('explain', path('none.json'))).slice(0, 2), ['FILE_UNREADABLE', 65]);
    const spoilt = await draft('unexplained', { ...draftSet(), rules: [draftRule(about('ag'))] });
    assert.deepEqual((await failure('explain', spoilt)).slice(0, 2), ['RULES_UNAVAILABLE', 65]);
    const values = join(dirname(spoilt), 'COVID-19.json');
    assert.deepEqual((await failure('explain', values)).slice(0, 2), ['RULES_REFUSED', 65]);
  });
});

describe('pratique rules test', () => {
  test('holds all that comes with the program to its tests', async () => {
    const { stdout, stderr, status } = await rules('test');
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^✓ EU\/BASE {2}\d+ tests\n/);
    assert.match(stdout, /\n\d{3} tests of 6 sets, all as expected\n$/);
  });

  test('fails where a number is another one, and says what was expected, what came, and by which rule', async () => {
    await cp(
      dirname(shippedRules().find(({ path: one }) => one.endsWith('US-NY/ENTRY.json'))?.path ?? ''),
      path('copy'),
      {
        recursive: true,
      },
    );
    const values = await readFile(path('copy/COVID-19.json'), 'utf8');
    await writeFile(path('copy/COVID-19.json'), values.replace('"antigenHours": 6', '"antigenHours": 7'));
    const { stdout, status } = await rules('test', path('copy/ENTRY.json'));
    assert.equal(status, 1);
    assert.match(
      stdout,
      /\n {4}antigen record: a second more\n {6}expected {2}unmet {9}TR-US-NY-0006 {2}Sample of 2021-06-01; it counted for 6 hours\.\n {6}got {7}met\n/,
    );
    assert.match(stdout, /\n\d+ tests of 1 set, 6 not as expected\n$/);
    // What comes with the program is as it was.
    assert.equal((await rules('test', 'ENTRY')).status, 0);
    const told = await json<{ failed: number; results: { failures: object[] }[] }>(
      'test',
      path('copy/ENTRY.json'),
    );
    assert.equal(told.failed, 6);
    assert.deepEqual(told.results[0]?.failures[0], {
      name: 'antigen record: a second more',
      expected: {
        answer: 'unmet',
        rule: 'TR-US-NY-0006',
        remedy: 'Sample of 2021-06-01; it counted for 6 hours.',
      },
      got: { answer: 'met', rule: null, remedy: null, fault: null },
    });
  });

  test('takes the file of the tests for that of the set', async () => {
    const own = await draft('tested');
    const told = await json<object>('test', own.replace('.json', '.tests.json'));
    assert.deepEqual(told, {
      tests: 2,
      sets: 1,
      failed: 0,
      results: [{ set: 'US-NO/ENTRY', tests: 2, failures: [] }],
    });
  });

  test('refuses a set without tests, tests of another set, and tests that do not hold, saying where', async () => {
    const none = await draft('untested', draftSet(), null);
    assert.deepEqual((await failure('test', none)).slice(0, 2), ['FILE_UNREADABLE', 65]);
    const other = await draft('other-tests', draftSet(), { ...draftTests(), set: 'US-NO/EXIT' });
    assert.deepEqual((await failure('test', other)).slice(0, 2), ['RULES_REFUSED', 65]);
    const tests = draftTests();
    Object.assign(tests.tests[1] ?? {}, { expect: 'maybe' });
    const [code, status, message] = await failure('test', await draft('misspelt', draftSet(), tests));
    assert.deepEqual([code, status], ['RULES_REFUSED', 65]);
    assert.match(message, /: at tests\.1\.expect the file holds a word that its table does not have\.$/);
    assert.deepEqual((await failure('test', 'EXIT')).slice(0, 2), ['USAGE', 64]);
  });
});

interface LintedFiles {
  readonly refused: boolean;
  readonly files: readonly {
    readonly name: string | null;
    readonly findings: readonly {
      code: string;
      refused: boolean;
      where: string;
      what: string;
      message: string;
    }[];
  }[];
}

describe('pratique rules lint', () => {
  test('finds nothing in what comes with the program', async () => {
    const paths = shippedRules().flatMap(({ path: one }) => one);
    const { refused, files } = await json<LintedFiles>('lint', ...paths);
    assert.deepEqual([refused, files.length, files.flatMap(({ findings }) => findings)], [false, 9, []]);
  });

  test('refuses each fault with exit status 65, naming the set and the rule', async () => {
    const paths: string[] = [];
    for (const [fault, spoil] of Object.entries(SPOILT)) {
      const set = draftSet();
      spoil(set);
      paths.push(await draft(`fault-${fault}`, set));
    }
    const answers = await Promise.all(
      paths.map(async (one) => {
        const { stdout, status } = await rules('lint', one);
        assert.equal(status, 65, stdout);
        return stdout;
      }),
    );
    for (const [at, fault] of Object.keys(SPOILT).entries()) {
      assert.match(answers[at] ?? '', new RegExp(`^✗ US-NO/ENTRY[^:]*: [A-Z].* \\(${fault}\\)$`, 'm'));
    }
  });

  test('says where a file is of another shape, and what is no JSON', async () => {
    const set = draftSet();
    set.rules = [draftRule({ Type: 'Acceptence' })];
    const misspelt = await draft('shape', set);
    const { stdout, status } = await rules('lint', misspelt);
    assert.deepEqual(
      [stdout, status],
      [`✗ ${misspelt} rules.0.Type: Here the file holds a word that its table does not have. (SHAPE)\n`, 65],
    );
    await writeFile(path('twice.json'), '{"a":1,"a":2}');
    await writeFile(path('latin1.json'), Buffer.from('{"a":"é"}', 'latin1'));
    const { files } = await json<LintedFiles>('lint', path('twice.json'), path('latin1.json'));
    assert.deepEqual(
      files.map(({ findings: [one] }) => [one?.code, one?.message]),
      [
        ['NOT_JSON', 'A JSON object names a member twice.'],
        ['NOT_JSON', 'The bytes are not UTF-8.'],
      ],
    );
    assert.deepEqual((await failure('lint', path('none.json'))).slice(0, 2), ['FILE_UNREADABLE', 65]);
  });

  test('advises tests and languages without refusing', async () => {
    const rule = draftRule({
      Description: { en: 'At least {waitDays} days.', es: 'Al menos {waitDays} días.' },
    });
    const own = await draft('advised', { ...draftSet(), rules: [rule] }, null);
    const { stdout, status } = await rules('lint', own);
    assert.equal(status, 0);
    assert.match(stdout, /^! US-NO\/ENTRY VR-US-NO-0001: No test shows the rule met\. \(TEST_MISSING\)$/m);
    assert.match(
      stdout,
      /^! US-NO\/ENTRY title: Other sentences are said in es, this one is not\. \(LANGUAGE_MISSING\)$/m,
    );
    assert.match(stdout, /^✓ US-NO\/ENTRY 1\.0\.0: nothing would be refused\.$/m);
    const unreadable = await draft('unreadable-tests', draftSet(), { tests: [] });
    const { files } = await json<LintedFiles>('lint', unreadable);
    assert.deepEqual(
      files[0]?.findings.map(({ code, refused }) => [code, refused]),
      [['TESTS_UNREADABLE', false]],
    );
    const tests = unreadable.replace('.json', '.tests.json');
    assert.equal((await rules('lint', tests)).status, 65);
  });

  test('holds a file to the version before it', async () => {
    const earlier = await draft('earlier');
    const changed = { ...draftSet(), rules: [draftRule(about('vaccination.completed'))] };
    const [same, next] = [
      await draft('same', changed),
      await draft('next', { ...draftSet(), version: '1.1.0' }),
    ];
    const { stdout, status } = await rules('lint', same, '--previous', earlier);
    assert.equal(status, 65);
    assert.match(
      stdout,
      /^✗ US-NO\/ENTRY: Its version must be higher than 1\.0\.0, .* \(VERSION_NOT_RISING\)$/m,
    );
    assert.match(
      stdout,
      /^✗ US-NO\/ENTRY VR-US-NO-0001: The rule says something else .* \(RULE_VERSION_NOT_RISING\)$/m,
    );
    assert.equal((await rules('lint', next, '--previous', earlier)).status, 0);
    assert.deepEqual((await failure('lint', same, next, '--previous', earlier)).slice(0, 2), ['USAGE', 64]);
    await writeFile(path('no-version.json'), '{}');
    assert.deepEqual((await failure('lint', next, '--previous', path('no-version.json'))).slice(0, 2), [
      'RULES_REFUSED',
      65,
    ]);
  });
});

test('pratique verify says by which rules it decided, and each sentence of a rule that is not met on a line', async () => {
  const key = newKey();
  const trust = await bundle('deciding', { keys: [trustedKey(key, { validUntil: 0, validFrom: 0 })] });
  const args = [
    '--trust',
    trust,
    '--allow-unanchored',
    '--rules',
    'ENTRY',
    '--at',
    '1780000000',
    mintCard(key),
  ];
  const { stdout } = await run('pratique', ['verify', ...args, '--lang', 'en']);
  assert.match(
    stdout,
    /^✗ REJECTED .*\n {2}RULES_NOT_MET {2}The card does not meet the acceptance rules\.\n {17}The primary series must be complete\. \(VR-US-NY-0002\)\n {17}Dose 1 of 2 on 2026-05-01; a further dose counts from 2026-05-25\.\n/,
  );
  assert.match(stdout, /\n {2}Rules {15}US-NY\/ENTRY 1\.0\.0\n/);
  const { decisions } = await verifyJson(args);
  assert.deepEqual(decisions[0]?.codes, ['RULES_NOT_MET']);
  const missing = await run('pratique', ['verify', '--help']);
  assert.match(missing.stdout, /pratique\s+rules\s+list/);
});
