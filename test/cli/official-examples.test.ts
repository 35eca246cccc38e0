import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { renderQrPng } from '../../credential/qr.ts';
import { run, verifyJson } from '../support/cli.ts';
import { dataDir } from '../support/data.ts';

const examples = join(dataDir ?? '', 'shc-examples');
const ISSUER = 'https://spec.smarthealth.cards/examples/issuer';
const KID = '3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s';

/** What the examples' own notes say of them, and the exit status that follows. */
const EXPECTED = [
  { number: '00', codes: ['VALID'], status: 0, chunks: 1 },
  { number: '01', codes: ['VALID'], status: 0, chunks: 1 },
  { number: '02', codes: ['SUBJECT_UNNAMED'], status: 2, chunks: 3 },
  { number: '03', codes: ['EXPIRED', 'REVOKED'], status: 1, chunks: 1 },
] as const;

const skip = dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false;

describe('the official SMART Health Card examples, from the command line', { skip }, () => {
  let folder: string;
  let trusted: readonly string[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratique-examples-'));
    const { keys } = JSON.parse(await readFile(join(examples, 'issuer/.well-known/jwks.json'), 'utf8')) as {
      keys: unknown[];
    };
    const snapshot = { issuerInfo: [{ issuer: { iss: ISSUER, name: 'Examples' }, keys }] };
    await writeFile(join(folder, 'snapshot.json'), JSON.stringify(snapshot));
    const build = [
      'trust',
      'build',
      '--issuers',
      join(folder, 'snapshot.json'),
      '--out',
      join(folder, 'trust'),
    ];
    const crl = join(examples, `issuer/.well-known/crl/${KID}.json`);
    assert.equal((await run('pratique', [...build, '--crl', crl])).status, 0);
    trusted = ['--allow-unanchored', '--trust', join(folder, 'trust')];
  });
  after(() => rm(folder, { recursive: true }));

  for (const { number, codes, status, chunks } of EXPECTED) {
    test(`example ${number} is ${codes.join(' and ')} as JWS, QR text, file and picture of a QR code`, async () => {
      const jws = (await readFile(join(examples, `example-${number}-d-jws.txt`), 'utf8')).trim();
      const texts = Array.from({ length: chunks }, (_, at) =>
        join(examples, `example-${number}-f-qr-code-numeric-value-${at}.txt`),
      );
      const forms: string[][] = [
        [jws],
        [join(examples, `example-${number}-d-jws.txt`)],
        texts,
        [join(examples, `example-${number}-e-file.smart-health-card`)],
      ];
      if (chunks === 1) {
        const picture = join(folder, `${number}.png`);
        await writeFile(picture, await renderQrPng(jws, 'shc'));
        forms.push([picture]);
      }
      for (const inputs of forms) {
        const answer = await verifyJson([...trusted, ...inputs]);
        assert.deepEqual(
          answer.decisions.map((decision) => [decision.codes.toSorted(), decision.checks['signature']]),
          [[[...codes].toSorted(), 'passed']],
        );
        assert.equal(answer.status, status);
      }
    });
  }

  test('without --allow-unanchored none of them is accepted', async () => {
    const jws = join(examples, 'example-00-d-jws.txt');
    const { status, decisions } = await verifyJson(['--trust', join(folder, 'trust'), jws]);
    assert.deepEqual([status, decisions[0]?.codes], [2, ['TRUST_UNANCHORED']]);
  });
});
