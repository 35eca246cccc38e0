import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';

import { codeMessage, MESSAGE_LANGUAGES } from '../../../agent/retrieval/code-message.ts';
import { emailSender } from '../../../agent/retrieval/email-sender.ts';
import { mailServer } from './mail-server.ts';

const FROM = 'codes@health.example.org';
const message = { to: 'zoe@mail.example.org', subject: 'Your code', text: 'code 1', key: 'k-1' };
const signal = AbortSignal.timeout(60_000);

/** A body as its reader sees it (RFC 2045: quoted-printable or base64). */
function bodyOf(source: string): string {
  const at = source.indexOf('\r\n\r\n');
  const [head, body] = [source.slice(0, at), source.slice(at + 4)];
  if (/encoding: base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  const soft = body.replaceAll('=\r\n', '');
  return /quoted-printable/i.test(head)
    ? decodeURIComponent(soft.replaceAll(/=([0-9A-F]{2})/g, '%$1'))
    : soft;
}

test('a message arrives by STARTTLS in each language, with nothing but the code in it', async (t) => {
  const server = await mailServer(t);
  const sender = emailSender({
    host: 'localhost',
    port: server.port,
    from: FROM,
    ca: server.ca,
    user: { name: 'issuer', password: 'secret of tests' },
  });
  for (const language of MESSAGE_LANGUAGES) {
    const words = codeMessage({ language, issuer: 'Harbor Clinic', code: '12345678', minutes: 9 });
    await sender.send({ ...message, ...words, key: `k-${language}` }, signal);
    const mail = server.received.at(-1);
    assert.ok(mail?.secure);
    assert.deepEqual([mail.from, ...mail.to], [FROM, message.to]);
    assert.equal(bodyOf(mail.source).trim(), words.text);
    assert.match(mail.source, /^Auto-Submitted: auto-generated\r$/m);
    assert.ok(mail.source.includes(`Message-ID: <k-${language}@health.example.org>`));
    assert.match(words.text, /12345678/);
    assert.match(words.text, /\b9\b|9 分鐘/);
    assert.doesNotMatch(words.subject, /\d/);
  }
});

test('without TLS, or with a certificate nobody vouches for, nothing is sent', async (t) => {
  const bare = await mailServer(t, { tls: false });
  await assert.rejects(
    emailSender({ host: 'localhost', port: bare.port, from: FROM }).send(message, signal),
    {
      code: 'MESSAGE_NOT_SENT',
    },
  );
  const unknown = await mailServer(t);
  await assert.rejects(
    emailSender({ host: 'localhost', port: unknown.port, from: FROM }).send(message, signal),
    {
      code: 'MESSAGE_NOT_SENT',
    },
  );
  assert.equal(bare.received.length + unknown.received.length, 0);
  assert.throws(
    () => emailSender({ host: 'mail.example.org', port: 25, from: FROM, security: 'none-on-this-machine' }),
    {
      code: 'SENDER_INVALID',
    },
  );
});

test('on this machine a server without TLS may be named as such', async (t) => {
  const server = await mailServer(t, { tls: false });
  const sender = emailSender({
    host: 'localhost',
    port: server.port,
    from: FROM,
    security: 'none-on-this-machine',
  });
  await sender.send(message, signal);
  assert.equal(server.received.length, 1);
});

test('an address that is gone is told from a server that is busy, down or refuses us', async (t) => {
  const server = await mailServer(t, {
    refuse: (to) => (to.startsWith('gone') ? 550 : to.startsWith('busy') ? 451 : undefined),
  });
  const options = { host: 'localhost', port: server.port, from: FROM, ca: server.ca };
  const sender = emailSender(options);
  const codes = { 'gone@mail.example.org': 'MESSAGE_REFUSED', 'busy@mail.example.org': 'MESSAGE_NOT_SENT' };
  for (const [to, code] of Object.entries(codes)) {
    await assert.rejects(sender.send({ ...message, to }, signal), { code });
  }
  await assert.rejects(
    emailSender({ ...options, user: { name: 'issuer', password: 'no' } }).send(message, signal),
    {
      code: 'MESSAGE_NOT_SENT',
    },
  );
  await assert.rejects(emailSender({ ...options, port: 9 }).send(message, signal), {
    code: 'MESSAGE_NOT_SENT',
  });
});

test('no address brings another recipient or a header along', async (t) => {
  const server = await mailServer(t);
  const sender = emailSender({ host: 'localhost', port: server.port, from: FROM, ca: server.ca });
  for (const to of [
    'a@x.org, b@x.org',
    'a@x.org\r\nBcc: b@x.org',
    '<a@x.org>',
    'a@x.org>',
    'a',
    '"a b"@x.org',
    'a@x.org;b@x.org',
  ]) {
    await assert.rejects(sender.send({ ...message, to }, signal), { code: 'MESSAGE_REFUSED' });
  }
  await sender.send({ ...message, subject: 'Hello\r\nBcc: evil@mail.example.org' }, signal);
  assert.equal(server.received.length, 1);
  assert.deepEqual(server.received[0]?.to, [message.to]);
  assert.doesNotMatch(server.received[0].source, /^Bcc/m);
});

test('a mail server that never comes to an end is given up in time', async (t) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    const word = setInterval(() => socket.write('220-wait\r\n'), 20);
    socket.on('close', () => {
      clearInterval(word);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const sender = emailSender({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, from: FROM });
  const begun = performance.now();
  await assert.rejects(sender.send(message, AbortSignal.timeout(200)), { code: 'MESSAGE_NOT_SENT' });
  assert.ok(performance.now() - begun < 5000);
});
