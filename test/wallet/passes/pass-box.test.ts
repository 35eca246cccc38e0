import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inflateRawNode } from '../../../credential/deflate-node.ts';
import { importEs256Key } from '../../../credential/es256-node.ts';
import { readPicture } from '../../../verifier/node/read-picture.ts';
import {
  addPasses,
  arrange,
  deletePass,
  keptPasses,
  shelfOf,
  showPasses,
} from '../../../wallet/passes/pass-box.ts';
import { movedPass, movedPerson, renamed } from '../../../wallet/passes/shelf.ts';
import { searchPasses } from '../../../wallet/passes/search.ts';
import { createVault, unlockVault } from '../../../wallet/vault/vault.ts';
import type { OpenVault } from '../../../wallet/vault/open-vault.ts';
import {
  anchoredBits,
  anchoredTrust,
  healthCard,
  ISSUED,
  mintCard,
  mintPass,
  newKey,
  NOW,
  trustDocument,
  trustedKey,
} from '../../support/cards.ts';
import { listOf } from '../../support/lists.ts';
import { openChromium, withoutChromium } from '../../support/chromium.ts';
import { serveSite } from '../../support/site.ts';
import { testPorts } from '../vault/memory-store.ts';
import type { WalletAnswers, WalletCases } from './cases.ts';
import { runCases } from './run-cases.ts';
import { walletCases } from './wallet-cases.ts';

const PORTS = { inflate: inflateRawNode, importKey: importEs256Key, readPicture };
const SHOWN = [
  'Nora Nobody, good',
  'nobody, apart',
  'Nora Nobody, good, superseded',
  'Nora Nobody, good',
  'Nora Nobody, expired',
  'Nora Nobody, revoked',
  '陳 大文, good',
  'Nora Nobody, good',
  'Nora Nobody, good',
];
const ACCEPTANCE = ['accepted', 'VALID', 'Entry to a venue in New York'];

let cases: WalletCases;
before(async () => {
  cases = await walletCases();
});

function check(answers: WalletAnswers): void {
  const expected = Object.fromEntries(cases.cases.map(({ name, expect }) => [name, expect]));
  assert.deepEqual({ ...answers.added }, expected);
  assert.deepEqual(answers.shown, SHOWN);
  assert.deepEqual(answers.acceptance.slice(0, 2), ACCEPTANCE.slice(0, 2));
  assert.ok(answers.acceptance[2]);
}

describe('every card is judged before it is kept, and shown for what it is', () => {
  test('in Node', async () => {
    check(await runCases(cases, await createVault(testPorts(), '274915'), PORTS));
  });

  test('in Chromium, with nothing asked of anybody', { skip: withoutChromium }, async () => {
    const folder = fileURLToPath(new URL('.', import.meta.url));
    const site = await serveSite(folder, { 'cases.json': JSON.stringify(cases) });
    const browser = await openChromium();
    try {
      const page = await browser.context.newPage();
      await page.goto(`${site.origin}/`);
      check((await page.evaluate(() => globalThis.walletAnswers)) as WalletAnswers);
      const origins = new Set(browser.requested.map((address) => new URL(address).origin));
      assert.deepEqual([...origins], [site.origin]);
    } finally {
      await browser.close();
      await site.close();
    }
  });
});

const issuer = newKey();
const trusted = {
  trust: anchoredTrust(trustDocument({ keys: [trustedKey(issuer)] })),
  now: NOW,
  allowUnanchored: false,
};
const person = (family: string, nbf = ISSUED): string => {
  const card = healthCard({ nbf });
  const [patient, ...rest] = card.fhirBundle.entry;
  assert.ok(patient);
  const resource = { ...patient.resource, name: [{ family, given: ['Ana'] }] };
  return mintCard(issuer, {
    nbf,
    fhirBundle: { ...card.fhirBundle, entry: [{ ...patient, resource }, ...rest] },
  });
};

async function walletOf(...texts: readonly string[]): Promise<OpenVault> {
  const vault = await createVault(testPorts(), '274915');
  for (const text of texts) await addPasses(vault, { text }, trusted, PORTS);
  return vault;
}

describe('nothing is kept that was not verified', () => {
  for (const trust of ['missing', 'invalid'] as const) {
    test(`with trust data ${trust} no card is taken`, async () => {
      const vault = await walletOf();
      const added = await addPasses(vault, { text: person('Álvarez') }, { ...trusted, trust }, PORTS);
      assert.deepEqual(added, [{ kind: 'refused', codes: [`TRUST_${trust.toUpperCase()}`] }]);
      assert.deepEqual(keptPasses(vault), []);
    });
  }

  test('of a card of an unknown issuer nothing that it says is kept as said', async () => {
    const vault = await walletOf(mintCard(newKey()));
    assert.deepEqual(
      keptPasses(vault).map(({ facts }) => facts),
      [null],
    );
    assert.deepEqual(shelfOf(vault).people, []);
  });

  test('the twin of a card, with the other signature that holds, is the same card', async () => {
    const text = person('Álvarez');
    const vault = await walletOf(text);
    const [header = '', payload = '', signature = ''] = text.split('.');
    const twin = `${header}.${payload}.${twinOf(signature)}`;
    assert.notEqual(twin, text);
    const [added] = await addPasses(vault, { text: twin }, trusted, PORTS);
    assert.equal(added?.kind, 'held');
  });
});

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The same signature with s replaced by n − s. */
function twinOf(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url');
  const other = ORDER - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  return Buffer.concat([
    bytes.subarray(0, 32),
    Buffer.from(other.toString(16).padStart(64, '0'), 'hex'),
  ]).toString('base64url');
}

describe('several people', () => {
  test('each have their passes, the newest added on top', async () => {
    const vault = await walletOf(person('Álvarez'), person('Zhou'), person('Álvarez', ISSUED + 1));
    const { people } = shelfOf(vault);
    assert.deepEqual(
      people.map(({ label, passes }) => [label, passes.length]),
      [
        ['Ana Álvarez', 2],
        ['Ana Zhou', 1],
      ],
    );
    assert.equal(people[0]?.passes[0], keptPasses(vault).find(({ facts }) => facts?.nbf === ISSUED + 1)?.id);
  });

  test('stand in the order and under the names that the user chose, also after a reload', async () => {
    const ports = testPorts();
    const vault = await createVault(ports, '274915');
    for (const text of [person('Álvarez'), person('Zhou'), person('Zhou', ISSUED + 1)]) {
      await addPasses(vault, { text }, trusted, PORTS);
    }
    const zhou = shelfOf(vault).people[1];
    assert.ok(zhou);
    await arrange(vault, (shelf) => movedPerson(shelf, zhou.id, -1));
    await arrange(vault, (shelf) => renamed(shelf, zhou.id, '  Grandmother '));
    await arrange(vault, (shelf) => renamed(shelf, zhou.id, '   '));
    await arrange(vault, (shelf) => movedPass(shelf, zhou.passes[0] ?? '', 5));
    const { people } = shelfOf(await unlockVault(ports, '274915'));
    assert.deepEqual(
      people.map(({ label }) => label),
      ['Grandmother', 'Ana Álvarez'],
    );
    assert.deepEqual(people[0]?.passes, zhou.passes.toReversed());
  });

  test('are found by name without accents, by their label, and by every word at once', async () => {
    const vault = await walletOf(person('Álvarez'), person('Zhou'));
    const [first, second] = shelfOf(vault).people;
    assert.ok(first && second);
    await arrange(vault, (shelf) => renamed(shelf, second.id, 'Grandmother'));
    const find = (query: string) => searchPasses(query, keptPasses(vault), shelfOf(vault), 'en');
    assert.deepEqual(find('alvarez'), first.passes);
    assert.deepEqual(find('GRAND nowhere'), second.passes);
    assert.deepEqual(find('grand alvarez'), []);
    assert.equal(find('').length, 2);
  });
});

test('a pass that came in while names were changed is still with its person', async () => {
  const vault = await walletOf(person('Álvarez'));
  const earlier = shelfOf(vault);
  await addPasses(vault, { text: person('Zhou') }, trusted, PORTS);
  await arrange(vault, () => earlier);
  const labels = shelfOf(vault).people.map(({ label, passes }) => [label, passes.length]);
  assert.deepEqual(labels, [
    ['Ana Álvarez', 1],
    ['Ana Zhou', 1],
  ]);
});

test('a newer pass that was revoked takes the place of none that holds', async () => {
  const bits = newKey();
  const { data, anchor } = anchoredBits(bits, listOf(1, [1]));
  const document = trustDocument({
    keys: [trustedKey(bits, { revocation: 'bits' })],
    lists: [data],
    anchors: [anchor],
  });
  const known = { ...trusted, trust: anchoredTrust(document) };
  const vault = await walletOf();
  for (const text of [mintPass(bits, { rid: 'AAAAAg' }), mintPass(bits, { rid: 'AAAAAQ', nbf: ISSUED + 60 })])
    await addPasses(vault, { text }, known, PORTS);
  const shown = await showPasses(vault, known, PORTS);
  assert.deepEqual(
    shown.map(({ standing, supersededBy }) => [standing, supersededBy]),
    [
      ['good', null],
      ['revoked', null],
    ],
  );
});

describe('a deleted pass', () => {
  test('is gone, with its person if it was their last', async () => {
    const vault = await walletOf(person('Álvarez'), person('Zhou'));
    await deletePass(vault, shelfOf(vault).people[0]?.passes[0] ?? '');
    assert.deepEqual(
      shelfOf(vault).people.map(({ label }) => label),
      ['Ana Zhou'],
    );
    assert.equal(keptPasses(vault).length, 1);
  });
});

describe('a card kept apart', () => {
  test('moves to its person once its issuer is accredited', async () => {
    const stranger = newKey();
    const vault = await walletOf(mintCard(stranger));
    assert.equal(shelfOf(vault).apart.length, 1);
    const later = {
      ...trusted,
      trust: anchoredTrust(trustDocument({ keys: [trustedKey(stranger)] })),
    };
    const [shown] = await showPasses(vault, later, PORTS);
    assert.equal(shown?.standing, 'good');
    assert.deepEqual(shelfOf(vault).apart, []);
    assert.deepEqual(
      shelfOf(vault).people.map(({ label }) => label),
      ['Nora Nobody'],
    );
  });

  test('stays apart if it turns out to be forged', async () => {
    const stranger = newKey();
    const text = mintCard(stranger);
    const vault = await walletOf(`${text.slice(0, -5)}${text.endsWith('AAAAA') ? 'BBBBQ' : 'AAAAA'}`);
    const later = {
      ...trusted,
      trust: anchoredTrust(trustDocument({ keys: [trustedKey(stranger)] })),
    };
    const [shown] = await showPasses(vault, later, PORTS);
    assert.equal(shown?.standing, 'refused');
    assert.equal(shown.facts, null);
    assert.equal(shelfOf(vault).apart.length, 1);
  });
});

describe('a file of strangers’ cards', () => {
  test('fills the place apart and no more: the wallet opens again, and has room for what is verified', async () => {
    const ports = testPorts();
    const vault = await createVault(ports, '274915');
    const stranger = newKey();
    const cards = Array.from({ length: 210 }, (_, at) => mintCard(stranger, { nbf: ISSUED - at }));
    const added = await addPasses(vault, { text: cards.join('\n') }, trusted, PORTS);
    assert.deepEqual(
      [added.filter(({ kind }) => kind === 'apart').length, added.at(-1)],
      [20, { kind: 'refused', codes: ['WALLET_FULL'] }],
    );
    const [own] = await addPasses(vault, { text: person('Álvarez') }, trusted, PORTS);
    assert.equal(own?.kind, 'kept');
    assert.equal(keptPasses(await unlockVault(ports, '274915')).length, 21);
  });

  test('that cannot be read again is not kept at all', async () => {
    const [header = '', , signature = ''] = mintCard(newKey()).split('.');
    const vault = await walletOf(`${header}..${signature}`);
    assert.deepEqual(keptPasses(vault), []);
  });
});

test('a pass keeps what was verified of it while it cannot be checked, and says that it was not', async () => {
  const vault = await walletOf(person('Álvarez'));
  const [shown] = await showPasses(vault, { ...trusted, trust: 'missing' }, PORTS);
  assert.equal(shown?.standing, 'unchecked');
  assert.equal(shown.facts?.subject?.name, 'Ana Álvarez');
});
