import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLocalCa } from '../../../verifier/node/tls/local-ca.ts';
import { prepareHome, withoutCertutil, withoutChromium } from '../../support/chromium.ts';
import { cardCode, cardOf, openDoor, pressBig, verdictOn } from './door.ts';

test(
  'a device that trusts the venue’s own CA scans over TLS, by the node’s name, and goes on when the node is gone',
  { skip: withoutChromium || withoutCertutil },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pratique-scanner-tls-'));
    try {
      const machine = { hostname: 'venue-pc', addresses: ['192.168.1.20'] };
      const { server } = await openLocalCa(folder, machine, Date.now() / 1000);
      const home = join(folder, 'home');
      await prepareHome(home, join(folder, 'ca.pem'));
      const film = [{ picture: cardCode(cardOf({ given: 'Nora', family: 'Green' }), 4), frames: 5 }];
      const door = await openDoor({ film, secure: { name: 'venue-pc.local', certificate: server, home } });
      try {
        assert.match(door.url, /^https:\/\/venue-pc\.local:/);
        await pressBig(door.page);
        assert.equal((await verdictOn(door.page, 'accepted')).name, 'Nora Green');
        await door.stopNode();
        await door.page.reload();
        await door.page.locator('.reached-no').waitFor();
        await pressBig(door.page);
        assert.equal((await verdictOn(door.page, 'accepted')).name, 'Nora Green');
      } finally {
        await door.close();
      }
      assert.deepEqual(door.complaints, []);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
