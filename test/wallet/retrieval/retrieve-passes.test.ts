import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { inflateRawNode } from '../../../credential/deflate-node.ts';
import { keptPasses } from '../../../wallet/passes/pass-box.ts';
import { issuerService } from '../../../wallet/retrieval/issuer-service.ts';
import type { IssuerService, PersonTyped, Send } from '../../../wallet/retrieval/issuer-service.ts';
import { retrievePasses } from '../../../wallet/retrieval/retrieve-passes.ts';
import type { Outcome, Receiving } from '../../../wallet/retrieval/retrieve-passes.ts';
import { RetrievalFault } from '../../../wallet/retrieval/retrieval-fault.ts';
import { holderKeyOf } from '../../../wallet/vault/holder-key.ts';
import { createVault } from '../../../wallet/vault/vault.ts';
import { mintPass, newKey } from '../../support/cards.ts';
import { trustIn } from '../../agent/issuer-trust.ts';
import { dose, result } from '../../agent/records.ts';
import { codeIn, otherThan } from '../../agent/retrieval/retrieval-fixture.ts';
import { residentRecord, residentService, until, ZOE } from '../../agent/service/resident-service.ts';
import type { ResidentChoice, ResidentService } from '../../agent/service/resident-service.ts';
import { testPorts } from '../vault/memory-store.ts';

const PERSON: PersonTyped = {
  family: ZOE.name.family,
  given: ZOE.name.given[0] ?? '',
  birthDate: ZOE.birthDate,
  zip: ZOE.zip,
};

const RECORD = residentRecord([
  dose('2026-09-01'),
  dose('2026-09-22'),
  result('pcr', '2026-11-22T12:00:00Z'),
]);

interface Resident {
  readonly clinic: ResidentService;
  readonly service: IssuerService;
  readonly receiving: Receiving;
  /** Begins; answers the id, and the code that came. */
  readonly ask: () => Promise<{ readonly id: string; readonly code: string }>;
}

/** Somebody with an empty wallet before a real service. */
async function resident(
  t: TestContext,
  { send = fetch, ...choice }: ResidentChoice & { readonly send?: Send } = {},
): Promise<Resident> {
  const clinic = await residentService(t, { records: [RECORD], reachedHere: true, ...choice });
  const vault = await createVault(testPorts(), '274915');
  const told: (readonly Outcome[])[] = [];
  const receiving: Receiving = {
    vault,
    holder: await holderKeyOf(vault),
    trust: () => ({ trust: trustIn(clinic.issuer), now: clinic.now(), allowUnanchored: true }),
    ports: { inflate: inflateRawNode, readPicture: () => Promise.resolve([]) },
    now: clinic.now,
    told: (outcomes) => told.push(outcomes),
  };
  const service = issuerService(clinic.url, { send, language: 'en' });
  return {
    clinic,
    service,
    receiving,
    ask: async () => {
      const { id, codeDigits } = await service.begin(PERSON);
      assert.equal(codeDigits, 8);
      const before = clinic.phone.sent.length;
      clinic.pass(3);
      await until(() => clinic.phone.sent.length > before);
      return { id, code: codeIn(clinic.phone.sent.at(-1)) };
    },
  };
}

const saidOf = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.map((one) => {
    if ('fault' in one) return `${one.product}: ${one.fault.code} ${one.fault.reason ?? ''}`.trim();
    return `${one.product}: ${one.added.kind}`;
  });

const ALL = [
  'vaccination-pass: kept',
  'vaccination-plus: kept',
  'pcr-pass: kept',
  'pcr-plus: kept',
  'antigen-pass: NOT_QUALIFIED NO_NEGATIVE_RESULT',
  'antigen-plus: NOT_QUALIFIED NO_NEGATIVE_RESULT',
];

test('one code brings everything that the records allow, each Pass bound to the wallet, and says why the rest is not to be had', async (t) => {
  const { service, receiving, ask } = await resident(t);
  const outcomes = await retrievePasses(service, await ask(), receiving);
  assert.deepEqual(saidOf(outcomes), ALL);
  const passes = keptPasses(receiving.vault);
  const holders = passes.map(({ facts }) => [facts?.profile, facts?.holder === receiving.holder.did]);
  assert.deepEqual(holders, [
    ['pass', true],
    ['pass-plus', false],
    ['pass', true],
    ['pass-plus', false],
  ]);
});

test('the same code again gets the same, and keeps nothing twice', async (t) => {
  const { service, receiving, ask } = await resident(t);
  const asked = await ask();
  await retrievePasses(service, asked, receiving);
  const again = saidOf(await retrievePasses(service, asked, receiving));
  assert.deepEqual(again.slice(0, 4), [
    'vaccination-pass: held',
    // A Plus is issued once a retrieval too.
    'vaccination-plus: held',
    'pcr-pass: held',
    'pcr-plus: held',
  ]);
});

test('a wallet that is locked meanwhile signs nothing more, and asks for nothing more', async (t) => {
  const asked: string[] = [];
  const send: Send = async (address, init) => {
    const response = await fetch(address, init);
    if (address.endsWith('/complete')) asked.push(address);
    return response;
  };
  const { service, receiving, ask } = await resident(t, { send });
  const locking = { ...receiving, told: () => receiving.vault.lock() };
  await assert.rejects(retrievePasses(service, await ask(), locking), { code: 'VAULT_LOCKED' });
  assert.equal(asked.length, 1);
});

test('an answer that was lost is had by the same code once more', async (t) => {
  let lost = false;
  const send: Send = async (address, init) => {
    const response = await fetch(address, init);
    if (!address.endsWith('/complete') || lost) return response;
    lost = true;
    await response.body?.cancel();
    throw new TypeError('Failed to fetch');
  };
  const { service, receiving, ask } = await resident(t, { send });
  const asked = await ask();
  await assert.rejects(retrievePasses(service, asked, receiving), { code: 'SERVICE_UNREACHABLE' });
  assert.deepEqual(saidOf(await retrievePasses(service, asked, receiving)), ALL);
});

test('whoever does not qualify for the first kind gets the others all the same', async (t) => {
  const { service, receiving, ask } = await resident(t, {
    records: [residentRecord([dose('2026-09-01'), result('pcr', '2026-11-22T12:00:00Z')])],
  });
  const outcomes = saidOf(await retrievePasses(service, await ask(), receiving));
  assert.deepEqual(outcomes.slice(0, 3), [
    'vaccination-pass: NOT_QUALIFIED SERIES_INCOMPLETE',
    'vaccination-plus: NOT_QUALIFIED SERIES_INCOMPLETE',
    'pcr-pass: kept',
  ]);
});

test('a wrong code opens nothing, the tries that are left are told, and the right one still counts', async (t) => {
  const { service, receiving, ask } = await resident(t);
  const { id, code } = await ask();
  const wrong = retrievePasses(service, { id, code: otherThan(code) }, receiving);
  await assert.rejects(wrong, { code: 'CODE_WRONG' });
  assert.equal((await service.progress(id)).triesLeft, 4);
  await assert.rejects(retrievePasses(service, { id, code: 'one' }, receiving), {
    code: 'RETRIEVAL_INVALID',
  });
  assert.deepEqual(saidOf(await retrievePasses(service, { id, code }, receiving)), ALL);
});

test('too many retrievals are told with the time to wait, and a retrieval that is over as over', async (t) => {
  const { service, receiving, clinic } = await resident(t, {
    limits: { personHour: { count: 1, seconds: 3600 } },
  });
  const { id } = await service.begin(PERSON);
  await assert.rejects(service.begin(PERSON), (error: unknown) => {
    assert.ok(error instanceof RetrievalFault);
    assert.equal(error.code, 'RETRIEVAL_LIMITED');
    assert.ok((error.waitSeconds ?? 0) > 3000);
    return true;
  });
  clinic.pass(700);
  await assert.rejects(retrievePasses(service, { id, code: '12345678' }, receiving), {
    code: 'RETRIEVAL_ENDED',
  });
});

test('a card of another issuer in the answer is not kept as if it were one', async (t) => {
  const stranger = newKey();
  const forge: Send = async (address, init) => {
    const response = await fetch(address, init);
    if (!address.endsWith('/complete') || !response.ok) return response;
    const answer = (await response.json()) as { card: { jws: string } };
    return Response.json({ ...answer, card: { ...answer.card, jws: mintPass(stranger) } }, { status: 201 });
  };
  const { service, receiving, ask } = await resident(t, { send: forge });
  const [first] = await retrievePasses(service, await ask(), receiving);
  assert.ok(first !== undefined && 'added' in first);
  assert.equal(first.added.kind, 'apart');
  assert.ok(keptPasses(receiving.vault).every(({ facts }) => facts === null));
});

test('a correction is asked for with the retrieval that failed, and its number tells where it is', async (t) => {
  const { service } = await resident(t);
  const { id } = await service.begin(PERSON);
  const number = await service.correct({ ...PERSON, words: 'My second dose is missing.', retrieval: id });
  const { state, sentence } = await service.correctionStatus(number);
  assert.equal(state, 'open');
  assert.match(sentence, /nobody has begun/);
  const other = `${number.slice(0, 4) === '0000' ? '1111' : '0000'}${number.slice(4)}`;
  await assert.rejects(service.correctionStatus(other), { code: 'CORRECTION_INVALID' });
  await assert.rejects(service.correct({ ...PERSON, words: 'x'.repeat(1001) }), {
    code: 'CORRECTION_INVALID',
  });
});
