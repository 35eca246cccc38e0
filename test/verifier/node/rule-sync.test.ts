import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { listDownloader } from '../../../verifier/node/list-download.ts';
import { MAX_RULE_FILES_BYTES } from '../../../verifier/node/published-files.ts';
import { ruleSync } from '../../../verifier/node/rule-sync.ts';
import type { RuleSync } from '../../../verifier/node/rule-sync.ts';
import { MAX_RULE_FILE_BYTES } from '../../../verifier/pipeline/trust-document.ts';
import type { PublishedRules, TrustDocument } from '../../../verifier/pipeline/trust-document.ts';
import { DAY, NOW, trustDocument } from '../../support/cards.ts';
import { fromTable, serveFiles } from '../../support/file-server.ts';
import type { Answering, FileServer } from '../../support/file-server.ts';
import { changedText, publishedAs, ruleDigest, shippedText } from '../../support/published-rules.ts';

const ENTRY = shippedText('US-NY/ENTRY');
const NEXT = changedText(ENTRY, (json) => (json.version = '1.1.0'));

const servers: FileServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});
async function serve(answer: Answering): Promise<FileServer & { readonly base: string }> {
  const server = await serveFiles(answer);
  servers.push(server);
  return { ...server, base: `http://127.0.0.1:${server.port}` };
}
const serving = async (...files: readonly (readonly [string, string | Uint8Array])[]) =>
  serve(fromTable(new Map(files)));

function newSync(networks: readonly string[] = ['127.0.0.0/8']): RuleSync {
  return ruleSync(
    listDownloader({ allowHttp: true, networks, timeoutMs: 2000, maxBytes: MAX_RULE_FILE_BYTES }),
  );
}
const documentOf = (rules: readonly PublishedRules[], ruleFiles: readonly string[] = []): TrustDocument =>
  trustDocument({ rules, ruleFiles });
async function fetched(
  document: TrustDocument,
  sync = newSync(),
  terms: Parameters<RuleSync['round']>[2] = { now: NOW },
): Promise<readonly string[]> {
  const held: string[] = [];
  await sync.round(document, (text) => held.push(text), terms);
  return held;
}

describe('a published document is fetched', () => {
  test('from where the registry says, if it is in force or to come and not held', async () => {
    const server = await serving(['/entry', ENTRY], ['/next', NEXT], ['/old', 'old']);
    const rules = [
      publishedAs(ENTRY, { digest: ruleDigest('old'), uri: `${server.base}/old` }),
      publishedAs(ENTRY, { version: 2, validFrom: NOW - 5, uri: `${server.base}/entry` }),
      publishedAs(NEXT, { version: 3, validFrom: NOW + DAY, uri: `${server.base}/next` }),
      publishedAs(ENTRY, { version: 4, validFrom: NOW + 2 * DAY, digest: null }),
    ];
    assert.deepEqual(await fetched(documentOf(rules)), [ENTRY, NEXT]);
    assert.deepEqual(server.asked(), ['/entry', '/next']);
    assert.deepEqual(await fetched(documentOf(rules, [NEXT])), [ENTRY]);
    server.asked();
    assert.deepEqual(await fetched(documentOf(rules, [ENTRY, NEXT])), []);
    assert.deepEqual(server.asked(), [], 'what is held is asked of nobody');
  });

  test('and again when it was published anew, though it failed a moment ago', async () => {
    const server = await serving(['/entry', ENTRY]);
    const sync = newSync();
    const uri = `${server.base}/entry`;
    const wrong = publishedAs(ENTRY, { digest: ruleDigest('other'), uri });
    assert.deepEqual(await fetched(documentOf([wrong]), sync), []);
    assert.deepEqual(await fetched(documentOf([publishedAs(ENTRY, { uri })]), sync), [ENTRY]);
    assert.equal(sync.faultOf(wrong), null);
  });
});

describe('a published document that does not come', () => {
  const faultWith = async (rules: PublishedRules, sync = newSync()): Promise<unknown> => {
    assert.deepEqual(await fetched(documentOf([rules]), sync), []);
    return sync.faultOf(rules);
  };

  test('has a fault that says why', async () => {
    const large = 'x'.repeat(MAX_RULE_FILE_BYTES + 1);
    const latin = Buffer.from('{"title":"Entrée"}', 'latin1');
    const { base } = await serving(['/next', NEXT], ['/large', large], ['/latin', latin]);
    const at = (path: string, digest = ruleDigest(ENTRY)): PublishedRules =>
      publishedAs(ENTRY, { uri: `${base}${path}`, digest });
    assert.equal(await faultWith(publishedAs(ENTRY)), 'NO_URI');
    assert.equal(await faultWith(at('/none')), 'NOT_SERVED');
    assert.equal(await faultWith(at('/next')), 'DIGEST_DIFFERS');
    assert.equal(await faultWith(at('/large', ruleDigest(large))), 'TOO_LARGE');
    assert.equal(await faultWith(at('/latin', ruleDigest(latin))), 'MALFORMED');
    assert.equal(await faultWith(at('/next'), newSync([])), 'ADDRESS_REFUSED');
    const strict = ruleSync(listDownloader({ networks: ['127.0.0.0/8'] }));
    assert.equal(await faultWith(at('/next'), strict), 'NOT_HTTPS');
  });

  test('is NO_ROOM where what is in force fills a venue', async () => {
    const { base } = await serving(['/entry', ENTRY]);
    const full = Array.from({ length: MAX_RULE_FILES_BYTES / MAX_RULE_FILE_BYTES }, (_, index) =>
      `${index}`.padEnd(MAX_RULE_FILE_BYTES),
    );
    const filling = full.map((text, index) =>
      publishedAs(ENTRY, { id: `LARGE-${index}`, digest: ruleDigest(text) }),
    );
    const wanted = publishedAs(ENTRY, { uri: `${base}/entry` });
    const sync = newSync();
    assert.deepEqual(await fetched(documentOf([...filling, wanted], full), sync), []);
    assert.equal(sync.faultOf(wanted), 'NO_ROOM');
    // What is past takes nobody's room.
    const past = filling.map((rules) => ({ ...rules, version: 2, digest: null }));
    assert.deepEqual(await fetched(documentOf([...filling, ...past, wanted], full)), [ENTRY]);
  });

  test('is asked for again after one minute, two, four, or at once if told to', async () => {
    const server = await serving();
    const sync = newSync();
    const rules = [publishedAs(ENTRY, { uri: `${server.base}/entry` })];
    const asked = async (now: number, all = false): Promise<number> => {
      await fetched(documentOf(rules), sync, { now, all });
      return server.asked().length;
    };
    assert.deepEqual(
      [await asked(NOW), await asked(NOW + 20), await asked(NOW + 60), await asked(NOW + 120)],
      [1, 0, 1, 0],
    );
    assert.deepEqual([await asked(NOW + 180), await asked(NOW + 181, true)], [1, 1]);
  });

  test('keeps nobody else’s waiting: a host that hangs is asked once, others beside it', async () => {
    const { base } = await serving(['/next', NEXT]);
    const silent = await serve(() => undefined);
    const rules = [
      ...['A', 'B', 'C'].map((id) => publishedAs(ENTRY, { id, uri: `${silent.base}/${id}` })),
      publishedAs(NEXT, { jurisdiction: 'US-NJ', uri: `${base}/next` }),
    ];
    const held: string[] = [];
    const sync = ruleSync(listDownloader({ allowHttp: true, networks: ['127.0.0.0/8'], timeoutMs: 300 }));
    const round = sync.round(documentOf(rules), (text) => held.push(text), { now: NOW });
    while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.deepEqual(held, [NEXT]);
    await round;
    assert.deepEqual(silent.asked(), ['/A']);
    assert.deepEqual(rules.slice(0, 3).map(sync.faultOf), ['TIMEOUT', 'TIMEOUT', 'TIMEOUT']);
  });

  test('is nobody’s fault if the node stops meanwhile', async () => {
    const asked = Promise.withResolvers<void>();
    const silent = await serve(() => asked.resolve());
    const sync = newSync();
    const ended = new AbortController();
    const rules = publishedAs(ENTRY, { uri: `${silent.base}/entry` });
    const round = fetched(documentOf([rules]), sync, { now: NOW, signal: ended.signal });
    await asked.promise;
    ended.abort();
    assert.deepEqual(await round, []);
    assert.equal(sync.faultOf(rules), null);
  });
});
