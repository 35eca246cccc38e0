import assert from 'node:assert/strict';
import type { lookup } from 'node:dns';
import { after, before, describe, test } from 'node:test';
import { listDownloader } from '../../../verifier/node/list-download.ts';
import type { Downloaded, DownloadPolicy } from '../../../verifier/node/list-download.ts';
import { newCertificate } from '../../support/certificates.ts';
import type { TestCertificate } from '../../support/certificates.ts';
import { serveFiles } from '../../support/file-server.ts';
import type { Answering, FileServer } from '../../support/file-server.ts';

const HOST = 'lists.example';
const LOOPBACK = ['127.0.0.0/8'];
let certificate: TestCertificate;
let server: FileServer;
let base: string;
let answer: Answering;

/** A lookup that gives these addresses in turn, whatever the name. */
function resolvingTo(...turns: readonly (readonly string[])[]): typeof lookup {
  let turn = 0;
  const found = (...args: readonly unknown[]): void => {
    const addresses = turns[Math.min(turn++, turns.length - 1)] ?? [];
    const answered = args.at(-1) as (error: Error | null, found?: object[]) => void;
    if (addresses.length === 0) answered(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
    else
      answered(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
  };
  return found as unknown as typeof lookup;
}

before(async () => {
  certificate = newCertificate(HOST);
  server = await serveFiles((request, response) => answer(request, response), certificate);
  base = `https://${HOST}:${server.port}`;
});
after(() => server.stop());

function policy(changed: DownloadPolicy = {}): DownloadPolicy {
  return {
    networks: LOOPBACK,
    authorities: [certificate.cert],
    lookup: resolvingTo(['127.0.0.1']),
    ...changed,
  };
}
const fetchOnce = async (url: string, changed: DownloadPolicy = {}): Promise<Downloaded> =>
  listDownloader(policy(changed)).fetch(url);
const serving = (text: string, headers: Readonly<Record<string, string>> = {}): Answering => {
  return (_request, response) => void response.writeHead(200, headers).end(text);
};
const textOf = (got: Downloaded): string => ('bytes' in got ? Buffer.from(got.bytes).toString() : got.fault);

test('a file is fetched by https, by a request that says nothing of who asks and why', async () => {
  answer = serving('a list');
  assert.equal(textOf(await fetchOnce(`${base}/status/abc.list`)), 'a list');
  const { method, url, headers } = server.requests.at(-1) ?? {};
  assert.deepEqual([method, url], ['GET', '/status/abc.list']);
  assert.deepEqual(headers, {
    host: `${HOST}:${server.port}`,
    'user-agent': 'pratique-verifier',
    accept: '*/*',
    'accept-encoding': 'identity',
    connection: 'close',
  });
});

describe('nobody is asked', () => {
  const refused = async (url: string, fault: string, changed: DownloadPolicy = {}): Promise<void> => {
    server.asked();
    answer = serving('secret of the venue');
    assert.deepEqual(await fetchOnce(url, changed), { fault }, url);
    assert.deepEqual(server.asked(), []);
  };

  test('by anything but https', async () => {
    for (const url of [
      `http://${HOST}:${server.port}/x`,
      'ftp://lists.example/x',
      'file:///etc/passwd',
      'data:,x',
    ]) {
      await refused(url, 'NOT_HTTPS');
    }
  });

  test('at what is no URL, or one with a password, a query or a fragment', async () => {
    for (const url of [
      '',
      'lists',
      `https://me:word@${HOST}:${server.port}/x`,
      `${base}/x?who=me`,
      `${base}/x#y`,
    ]) {
      await refused(url, 'URL_REFUSED');
    }
  });

  test('at an address that stands in the URL and is not public, however it is written', async () => {
    const { port } = server;
    for (const host of [
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '169.254.169.254',
    ]) {
      await refused(`https://${host}:${port}/x`, 'ADDRESS_REFUSED', { networks: [] });
    }
  });

  test('at a name that resolves to an address that is not public', async () => {
    for (const address of ['127.0.0.1', '::1', '10.0.0.1', '169.254.169.254', 'fd00::1']) {
      await refused(`${base}/x`, 'ADDRESS_REFUSED', { networks: [], lookup: resolvingTo([address]) });
    }
    await refused(`https://localhost:${server.port}/x`, 'ADDRESS_REFUSED', {
      networks: [],
      lookup: undefined,
    });
  });
});

test('a name that resolves to another thing in turn is asked at the address that was checked', async () => {
  answer = serving('a list');
  server.asked();
  // Loopback stands for the public address; the second answer would be the one that is refused.
  const rebinding = { lookup: resolvingTo(['127.0.0.1'], ['10.0.0.1']) };
  assert.equal(textOf(await fetchOnce(`${base}/x`, rebinding)), 'a list');
  const other = { lookup: resolvingTo(['10.0.0.1'], ['127.0.0.1']) };
  assert.deepEqual(await fetchOnce(`${base}/x`, other), { fault: 'ADDRESS_REFUSED' });
  assert.deepEqual(server.asked(), ['/x']);
});

test('of several addresses of a name only the public ones are tried', async () => {
  answer = serving('a list');
  const both = { lookup: resolvingTo(['10.0.0.1', '127.0.0.1', '::1']) };
  assert.equal(textOf(await fetchOnce(`${base}/x`, both)), 'a list');
});

test('http is asked where that was allowed, for development', async (t) => {
  const plain = await serveFiles(serving('a list'));
  t.after(() => plain.stop());
  assert.equal(textOf(await fetchOnce(`http://${HOST}:${plain.port}/x`, { allowHttp: true })), 'a list');
});

test('a server with the certificate of nobody we know, or of another name, is CERTIFICATE_REFUSED', async () => {
  answer = serving('a list');
  assert.deepEqual(await fetchOnce(`${base}/x`, { authorities: [] }), { fault: 'CERTIFICATE_REFUSED' });
  assert.deepEqual(await fetchOnce(`https://other.example:${server.port}/x`), {
    fault: 'CERTIFICATE_REFUSED',
  });
});

test('a redirect is not followed', async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    server.asked();
    answer = (_request, response) => void response.writeHead(status, { location: `${base}/other` }).end();
    assert.deepEqual(await fetchOnce(`${base}/x`), { fault: 'REDIRECTED' });
    assert.deepEqual(server.asked(), ['/x']);
  }
});

test('every other status than 200 is NOT_SERVED', async () => {
  for (const status of [204, 206, 304, 400, 401, 404, 410, 500, 503]) {
    answer = (_request, response) => void response.writeHead(status).end();
    assert.deepEqual(await fetchOnce(`${base}/x`), { fault: 'NOT_SERVED' });
  }
});

test('a file over the limit is TOO_LARGE, whether it says so before or not', async () => {
  answer = serving('x'.repeat(10));
  assert.equal(textOf(await fetchOnce(`${base}/x`, { maxBytes: 10 })), 'x'.repeat(10));
  answer = serving('x'.repeat(11));
  assert.deepEqual(await fetchOnce(`${base}/x`, { maxBytes: 10 }), { fault: 'TOO_LARGE' });
  let closed = false;
  answer = (_request, response) => {
    const timer = setInterval(() => response.write('x'.repeat(1000)), 1);
    response.on('close', () => {
      closed = true;
      clearInterval(timer);
    });
  };
  assert.deepEqual(await fetchOnce(`${base}/x`, { maxBytes: 5000 }), { fault: 'TOO_LARGE' });
  await new Promise((done) => setTimeout(done, 50));
  assert.ok(closed, 'the connection is given up');
});

test('a server that never answers, or lets its answer trickle, is TIMEOUT at the end of the time for all', async () => {
  const trickling: Answering = (_request, response) => {
    const timer = setInterval(() => response.write('x'), 5);
    response.on('close', () => clearInterval(timer));
  };
  for (const slow of [() => undefined, trickling]) {
    answer = slow;
    const begun = performance.now();
    assert.deepEqual(await fetchOnce(`${base}/x`, { timeoutMs: 100 }), { fault: 'TIMEOUT' });
    assert.ok(performance.now() - begun < 2000);
  }
});

test('a name that is none, a port where nobody listens, and an answer that breaks off are UNREACHABLE', async () => {
  assert.deepEqual(await fetchOnce(`${base}/x`, { lookup: resolvingTo([]) }), { fault: 'UNREACHABLE' });
  assert.deepEqual(await fetchOnce(`https://${HOST}:1/x`), { fault: 'UNREACHABLE' });
  answer = (_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => response.destroy());
  };
  assert.deepEqual(await fetchOnce(`${base}/x`), { fault: 'UNREACHABLE' });
});

test('a caller whose time is up ends the download', async () => {
  answer = () => undefined;
  const stop = new AbortController();
  const got = listDownloader(policy()).fetch(`${base}/x`, stop.signal);
  stop.abort();
  assert.deepEqual(await got, { fault: 'TIMEOUT' });
});

test('a file that did not change is confirmed by its ETag, until it is forgotten', async () => {
  const tags: (string | undefined)[] = [];
  answer = ({ headers }, response) => {
    tags.push(headers['if-none-match']);
    if (headers['if-none-match'] === '"1"') response.writeHead(304).end();
    else response.writeHead(200, { etag: '"1"' }).end('a list');
  };
  const downloader = listDownloader(policy());
  for (let round = 0; round < 2; round++) assert.equal(textOf(await downloader.fetch(`${base}/x`)), 'a list');
  await downloader.fetch(`${base}/y`);
  downloader.forget(`${base}/x`);
  assert.equal(textOf(await downloader.fetch(`${base}/x`)), 'a list');
  assert.deepEqual(tags, [undefined, '"1"', undefined, undefined]);
});

test('a network of the policy that is none is a TypeError', () => {
  assert.throws(() => listDownloader({ networks: ['lan'] }), TypeError);
});
