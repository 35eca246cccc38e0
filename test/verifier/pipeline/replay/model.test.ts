import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { issuerRegistryAbi } from '../../../../contracts/abi.ts';
import type { Credential } from '../../../../credential/credential.ts';
import { checkIssuer, checkKey } from '../../../../verifier/pipeline/checks.ts';
import { replayLog } from '../../../../verifier/pipeline/replay.ts';
import { readTrustDocument } from '../../../../verifier/pipeline/trust-document-reader.ts';
import { LOG_EVENTS } from '../../../../verifier/pipeline/replay/log-event.ts';
import { anchoredTrust, trustDocument } from '../../../support/cards.ts';
import { CHAIN } from '../../registry-events.ts';
import { COMMANDS, issOf, MODEL_KEYS, RegistryModel } from '../../registry-model.ts';

const NAMES = Object.keys(COMMANDS) as (keyof typeof COMMANDS)[];
const number = fc.nat({ max: 10_000 });
const commands = fc.array(fc.tuple(fc.constantFrom(...NAMES), number, number, number), {
  minLength: 10,
  maxLength: 80,
});

function registryAfter(
  done: Iterable<readonly [keyof typeof COMMANDS, number, number, number]>,
): RegistryModel {
  const registry = new RegistryModel();
  for (const [name, a, b, c] of done) {
    registry.now += 10;
    COMMANDS[name](registry, a, b, c);
  }
  return registry;
}

test('whatever is done to a registry, its log replays to what its contract holds', () => {
  fc.assert(
    fc.property(commands, (done) => {
      const registry = registryAfter(done);
      const { size, trust } = replayLog(registry.logs, CHAIN);
      assert.equal(size, registry.logs.length);
      assert.deepEqual(trust, registry.trust());
    }),
    { numRuns: 300 },
  );
});

test('the verifier takes the cards of a key at a moment if and only if the contract trusts it for them', () => {
  const trusted = new Set<boolean>();
  fc.assert(
    fc.property(
      commands,
      fc.array(fc.nat({ max: 9000 }), { minLength: 3, maxLength: 3 }),
      (done, moments) => {
        const registry = registryAfter(done);
        const trust = anchoredTrust(trustDocument(replayLog(registry.logs, CHAIN).trust));
        for (const { kid } of MODEL_KEYS) {
          for (const id of registry.issuers.keys()) {
            const entry = trust.entriesOf(kid).find(({ issuer }) => issuer.iss === issOf(id));
            for (const nbf of [...moments, registry.now]) {
              const card = { nbf } as Credential;
              const taken =
                entry !== undefined &&
                checkIssuer(card, entry).result === 'passed' &&
                checkKey(card, entry).result === 'passed';
              assert.equal(taken, registry.isTrusted(id, kid, nbf));
              trusted.add(taken);
            }
          }
        }
      },
    ),
    { numRuns: 200 },
  );
  assert.equal(trusted.size, 2);
});

test('what a log tells is a trust document that a bundle can carry', () => {
  fc.assert(
    fc.property(commands, (done) => {
      const document = trustDocument(replayLog(registryAfter(done).logs, CHAIN).trust);
      assert.deepEqual(readTrustDocument(JSON.parse(JSON.stringify(document))), document);
    }),
  );
});

test('the model emits every event of the log', () => {
  const seen = new Set<string>();
  for (const done of fc.sample(commands, 200)) {
    for (const { topics } of registryAfter(done).logs) seen.add(LOG_EVENTS.get(topics[0] ?? '')?.name ?? '');
  }
  const all = issuerRegistryAbi.filter((item) => item.type === 'event' && item.inputs[0].name === 'seq');
  assert.deepEqual([...seen].toSorted(), all.map(({ name }) => name).toSorted());
});
