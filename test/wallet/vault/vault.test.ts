import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Passkey } from '../../../wallet/vault/passkey-lock.ts';
import type { Bytes } from '../../../wallet/vault/store.ts';
import {
  changePin,
  createVault,
  eraseVault,
  setPasskey,
  unlockVault,
  unlockWithPasskey,
  vaultState,
} from '../../../wallet/vault/vault.ts';
import type { VaultCode } from '../../../wallet/vault/vault-error.ts';
import { memoryStore, testPorts } from './memory-store.ts';

const PIN = '274915';
const NAME = 'pass/Nora Nobody';
const kept = new Map([[NAME, { text: 'the pass itself' }]]);

const refused = (code: VaultCode) => ({ name: 'VaultError', code });

/** Yields one after the other: an authenticator has one secret for each salt. */
function fakePasskey(id = 7): Passkey {
  return {
    create: () => Promise.resolve(new Uint8Array([id])),
    secret: (_credential, salt) => Promise.resolve(salt.map((byte) => byte ^ id)),
  };
}

const flip = (bytes: Bytes | undefined): Bytes => {
  assert.ok(bytes);
  return bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1);
};

function placeOf(stored: ReadonlyMap<string, Bytes>): string {
  const [place] = [...stored.keys()].filter((name) => name.length === 43);
  assert.ok(place);
  return place;
}

describe('what was kept', () => {
  test('is there again after a reload, with its PIN alone', async () => {
    const ports = testPorts();
    await (await createVault(ports, PIN)).put(kept);
    const vault = await unlockVault(testPorts(memoryStore(ports.store.stored)), PIN);
    assert.deepEqual(vault.get(NAME), { text: 'the pass itself' });
  });

  test('is stored as ciphertext under names that tell nothing', async () => {
    const ports = testPorts();
    await (await createVault(ports, PIN)).put(kept);
    const everything = [...ports.store.stored]
      .map(([name, bytes]) => name + Buffer.from(bytes).toString('latin1'))
      .join('\n');
    for (const word of ['Nora', 'Nobody', 'pass/', 'itself', PIN])
      assert.ok(!everything.includes(word), word);
  });

  test('is sealed anew each time, so that nobody sees that it is the same', async () => {
    const ports = testPorts();
    const vault = await createVault(ports, PIN);
    await vault.put(kept);
    const place = placeOf(ports.store.stored);
    const first = ports.store.stored.get(place);
    await vault.put(kept);
    assert.notDeepEqual(ports.store.stored.get(place), first);
  });

  test('is there again, however much it is', async () => {
    const ports = testPorts();
    const many = Array.from({ length: 400 }, (_, at) => [`pass/${at}`, at] as const);
    await (await createVault(ports, PIN)).put(new Map(many));
    assert.equal((await unlockVault(ports, PIN)).get('pass/399'), 399);
  });

  test('is gone once it is removed, and nothing of it is left', async () => {
    const ports = testPorts();
    const vault = await createVault(ports, PIN);
    await vault.put(kept);
    const place = placeOf(ports.store.stored);
    await vault.put(new Map([[NAME, undefined]]));
    assert.equal(ports.store.stored.has(place), false);
    assert.equal((await unlockVault(ports, PIN)).get(NAME), undefined);
  });

  test('cannot be read after locking, though it was open', async () => {
    const vault = await createVault(testPorts(), PIN);
    await vault.put(kept);
    vault.lock();
    assert.equal(vault.isLocked(), true);
    assert.throws(() => vault.get(NAME), refused('VAULT_LOCKED'));
    await assert.rejects(vault.put(kept), refused('VAULT_LOCKED'));
  });

  test('is written one change after the other, also when nobody waits for them', async () => {
    const ports = testPorts();
    const vault = await createVault(ports, PIN);
    const names = Array.from({ length: 8 }, (_, at) => `record ${at}`);
    await Promise.all(names.map((name) => vault.put(new Map([[name, name]]))));
    const { records } = (await unlockVault(ports, PIN)).contents();
    assert.deepEqual([...records.keys()].toSorted(), names);
  });
});

describe('damage at rest is seen', () => {
  const cases: readonly (readonly [
    string,
    (stored: Map<string, Bytes>, older: Map<string, Bytes>) => void,
  ])[] = [
    [
      'a flipped bit in a record',
      (stored) => void stored.set(placeOf(stored), flip(stored.get(placeOf(stored)))),
    ],
    ['a record cut short', (stored) => void stored.set(placeOf(stored), new Uint8Array(3))],
    ['a record that is missing', (stored) => void stored.delete(placeOf(stored))],
    ['a record too many', (stored) => void stored.set('x'.repeat(43), new Uint8Array(40))],
    ['no manifest', (stored) => void stored.delete('manifest')],
    [
      'an older record in its place',
      (stored, older) => void stored.set(placeOf(older), older.get(placeOf(older)) ?? new Uint8Array()),
    ],
    [
      'a deleted record with the manifest that still had it, but not the one that replaced it',
      (stored, older) => void stored.set('manifest', older.get('manifest') ?? new Uint8Array()),
    ],
  ];
  for (const [what, damage] of cases) {
    test(what, async () => {
      const ports = testPorts();
      const vault = await createVault(ports, PIN);
      await vault.put(kept);
      const older = new Map(ports.store.stored);
      await vault.put(new Map([[NAME, { text: 'another' }]]));
      damage(ports.store.stored, older);
      await assert.rejects(unlockVault(ports, PIN), refused('VAULT_DAMAGED'));
    });
  }

  test('a header that a newer program wrote', async () => {
    const ports = testPorts();
    await createVault(ports, PIN);
    ports.store.stored.set('header', new TextEncoder().encode('{"version":2,"what":"ever"}'));
    await assert.rejects(unlockVault(ports, PIN), refused('VAULT_VERSION_UNKNOWN'));
  });

  test('a header that asks for a derivation that would never end', async () => {
    const ports = testPorts();
    await createVault(ports, PIN);
    const text = new TextDecoder().decode(ports.store.stored.get('header'));
    ports.store.stored.set('header', new TextEncoder().encode(text.replace('"passes":1', '"passes":999')));
    await assert.rejects(unlockVault(ports, PIN), refused('VAULT_DAMAGED'));
  });
});

describe('two pages of one wallet', () => {
  test('do not undo each other’s changes', async () => {
    const ports = testPorts();
    const one = await createVault(ports, PIN);
    const other = await unlockVault(ports, PIN);
    await one.put(kept);
    await assert.rejects(other.put(new Map([['x', 1]])), refused('VAULT_CHANGED_ELSEWHERE'));
  });

  test('do not make two vaults', async () => {
    const ports = testPorts();
    await createVault(ports, PIN);
    await assert.rejects(createVault(ports, PIN), refused('VAULT_EXISTS'));
  });
});

describe('a wrong PIN', () => {
  test('opens nothing', async () => {
    const ports = testPorts();
    await createVault(ports, PIN);
    await assert.rejects(unlockVault(ports, '274916'), refused('PIN_WRONG'));
  });

  test('costs a wait from the third on that grows, survives a reload and ends', async () => {
    const ports = testPorts();
    await createVault(ports, PIN);
    const waits: number[] = [];
    for (let tries = 0; tries < 8; tries++) {
      await assert.rejects(unlockVault(ports, '000111'), refused('PIN_WRONG'));
      const { waitSeconds } = await vaultState(testPorts(memoryStore(ports.store.stored)));
      waits.push(waitSeconds);
      ports.now += waitSeconds;
      if (waitSeconds > 0) {
        ports.now -= 1;
        await assert.rejects(unlockVault(ports, PIN), refused('PIN_DELAYED'));
        ports.now += 1;
      }
    }
    assert.deepEqual(waits, [0, 0, 30, 60, 300, 900, 3600, 3600]);
  });

  test('is counted before it is tried: a page that is closed in between has used its try', async () => {
    const ports = testPorts();
    await createVault(ports, PIN);
    const { write } = ports.store;
    const closing = {
      ...ports,
      store: {
        ...ports.store,
        write: async (...change: Parameters<typeof write>) => {
          await write(...change);
          throw new Error('The page was closed.');
        },
      },
    };
    await assert.rejects(unlockVault(closing, PIN), /closed/);
    assert.match(new TextDecoder().decode(ports.store.stored.get('tries')), /"failures":1/);
  });

  test('is forgotten after the right one', async () => {
    const ports = testPorts();
    await createVault(ports, PIN);
    await assert.rejects(unlockVault(ports, '000111'), refused('PIN_WRONG'));
    await unlockVault(ports, PIN);
    assert.equal(ports.store.stored.has('tries'), false);
  });

  test('gains nothing by a clock set back, and the wait still ends', async () => {
    const ports = testPorts();
    await createVault(ports, PIN);
    for (let tries = 0; tries < 3; tries++) await assert.rejects(unlockVault(ports, '000111'));
    ports.now -= 1_000_000;
    await assert.rejects(unlockVault(ports, PIN), { ...refused('PIN_DELAYED'), waitSeconds: 30 });
    ports.now += 30;
    await unlockVault(ports, PIN);
  });

  test('whose count was made unreadable costs the longest wait', async () => {
    const ports = testPorts();
    await createVault(ports, PIN);
    ports.store.stored.set('tries', new Uint8Array([0x7b]));
    assert.equal((await vaultState(ports)).waitSeconds, 3600);
  });

  for (const [pin, code] of [
    ['12345', 'PIN_TOO_SHORT'],
    ['777777', 'PIN_TOO_SIMPLE'],
    ['123456', 'PIN_TOO_SIMPLE'],
    ['987654', 'PIN_TOO_SIMPLE'],
  ] as const) {
    test(`${pin} is none: ${code}`, async () => {
      await assert.rejects(createVault(testPorts(), pin), refused(code));
    });
  }
});

describe('another PIN', () => {
  test('opens what the old one opened, and the old one no more', async () => {
    const ports = testPorts();
    await (await createVault(ports, PIN)).put(kept);
    const vault = await changePin(ports, PIN, '918273');
    assert.deepEqual(vault.get(NAME), { text: 'the pass itself' });
    await assert.rejects(unlockVault(ports, PIN), refused('PIN_WRONG'));
    assert.deepEqual((await unlockVault(ports, '918273')).get(NAME), { text: 'the pass itself' });
  });

  test('seals everything anew: what the old data key opens is not there any more', async () => {
    const ports = testPorts();
    await (await createVault(ports, PIN)).put(kept);
    const before = new Map(ports.store.stored);
    await changePin(ports, PIN, '918273');
    assert.equal(ports.store.stored.has(placeOf(before)), false);
    // Whoever kept the old header and the old PIN gets at nothing of now.
    ports.store.stored.set('header', before.get('header') ?? new Uint8Array());
    await assert.rejects(unlockVault(ports, PIN), refused('VAULT_DAMAGED'));
  });

  test('is not taken from who does not know the old one', async () => {
    const ports = testPorts();
    await createVault(ports, PIN);
    await assert.rejects(changePin(ports, '918273', '918274'), refused('PIN_WRONG'));
  });

  test('makes pages that have the vault open open it again', async () => {
    const ports = testPorts();
    const vault = await createVault(ports, PIN);
    await changePin(ports, PIN, '918273');
    await assert.rejects(vault.put(kept), refused('VAULT_CHANGED_ELSEWHERE'));
  });
});

describe('a passkey', () => {
  test('opens the vault beside the PIN', async () => {
    const ports = testPorts();
    await (await createVault(ports, PIN)).put(kept);
    await setPasskey(ports, PIN, fakePasskey());
    assert.equal((await vaultState(ports)).hasPasskey, true);
    assert.deepEqual((await unlockWithPasskey(ports, fakePasskey())).get(NAME), { text: 'the pass itself' });
    assert.deepEqual((await unlockVault(ports, PIN)).get(NAME), { text: 'the pass itself' });
  });

  test('of somebody else does not', async () => {
    const ports = testPorts();
    await createVault(ports, PIN);
    await setPasskey(ports, PIN, fakePasskey());
    await assert.rejects(unlockWithPasskey(ports, fakePasskey(8)), refused('PASSKEY_WRONG'));
  });

  test('is not added without the PIN, and none opens before one was', async () => {
    const ports = testPorts();
    await createVault(ports, PIN);
    await assert.rejects(setPasskey(ports, '918273', fakePasskey()), refused('PIN_WRONG'));
    await assert.rejects(unlockWithPasskey(ports, fakePasskey()), refused('PASSKEY_UNAVAILABLE'));
  });

  test('that was taken away, or that an older PIN added, opens nothing', async () => {
    const ports = testPorts();
    await createVault(ports, PIN);
    await setPasskey(ports, PIN, fakePasskey());
    await setPasskey(ports, PIN, undefined);
    await assert.rejects(unlockWithPasskey(ports, fakePasskey()), refused('PASSKEY_UNAVAILABLE'));
    await setPasskey(ports, PIN, fakePasskey());
    await changePin(ports, PIN, '918273');
    await assert.rejects(unlockWithPasskey(ports, fakePasskey()), refused('PASSKEY_UNAVAILABLE'));
  });
});

test('what a vault without its header left behind is no damage of the next one', async () => {
  const ports = testPorts();
  await (await createVault(ports, PIN)).put(kept);
  ports.store.stored.delete('header');
  const vault = await createVault(ports, PIN);
  assert.equal(vault.get(NAME), undefined);
  await unlockVault(ports, PIN);
});

test('an erased vault is not there, and a new one may be made', async () => {
  const ports = testPorts();
  await (await createVault(ports, PIN)).put(kept);
  await eraseVault(ports);
  assert.equal(ports.store.stored.size, 0);
  await assert.rejects(unlockVault(ports, PIN), refused('VAULT_MISSING'));
  await createVault(ports, PIN);
});
