import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Command } from 'commander';
import { registryCommand } from '../../cli/registry.ts';
import { issuerRegistryAbi } from '../../contracts/abi.ts';
import { callNode } from '../../contracts/json-rpc.ts';
import { lyingNode, result } from '../contracts/rpc-stub.ts';
import { type LocalChain, startChain } from '../support/chain.ts';
import { jsonOf, RegistryCli, runRegistry } from '../support/registry-cli.ts';

const REVERTED = { status: 65, code: 'REVERTED' } as const;

describe('pratique registry', () => {
  let chain: LocalChain;
  let folder: string;
  let cli: RegistryCli;
  let address: string;
  let accounts: string[];
  let [governor, accreditor, next, guardian] = ['', '', '', ''];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratique-registry-'));
    chain = await startChain();
    accounts = (await callNode(chain.rpcUrl, 'eth_accounts', [])) as string[];
    const deployed = await runRegistry(['deploy', '--rpc', chain.rpcUrl, '--admin-delay', '1h', '--json']);
    address = String(jsonOf(deployed)['address']);
    cli = new RegistryCli(chain.rpcUrl, address);
    [governor = '', accreditor = '', next = '', guardian = ''] = await accountsOf();
    await cli.json('jurisdiction', 'open', 'US-NY', '--name', 'New York', '--accreditor', accreditor);
  });
  after(async () => {
    await chain.stop();
    await rm(folder, { recursive: true });
  });

  const by = (account: number): string[] => ['--account', String(account)];
  const pass = async (seconds: number): Promise<void> => {
    await callNode(chain.rpcUrl, 'evm_increaseTime', [seconds]);
  };
  async function accountsOf(): Promise<string[]> {
    const listed = await runRegistry(['account', 'list', '--rpc', chain.rpcUrl, '--json']);
    return jsonOf(listed)['accounts'] as string[];
  }

  test('the accounts of a node are listed, a new one made in a file of its owner', async () => {
    assert.deepEqual(
      (await accountsOf()).map((account) => account.toLowerCase()),
      accounts,
    );
    const [secret, file] = [join(folder, 'secret'), join(folder, 'new.json')];
    await writeFile(secret, 'correct horse\n');
    const create = ['account', 'new', file, '--keystore-passphrase-file', secret];
    const { status, stdout, stderr } = await runRegistry(create);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^0x[0-9a-fA-F]{40}\n$/);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const kept = await readFile(file, 'utf8');
    const again = await runRegistry([...create, '--json']);
    assert.deepEqual(
      [again.status, (JSON.parse(again.stderr) as { error: { code: string } }).error.code],
      [65, 'FILE_EXISTS'],
    );
    assert.equal(await readFile(file, 'utf8'), kept);
  });

  test('a guardian is offered, waits, suspends, and is revoked', async () => {
    const { notBefore } = await cli.json('guardian', 'offer', guardian);
    assert.deepEqual((await cli.json('guardian', 'show'))['guardians'], [
      { account: guardian, guardian: false, mayAcceptFrom: notBefore },
    ]);
    await cli.refused({ ...REVERTED, refusal: 'RoleNotOffered' }, 'guardian', 'accept', ...by(3));
    await pass(3600);
    await cli.json('guardian', 'accept', ...by(3));
    assert.equal((await cli.json('guardian', 'show', guardian))['guardian'], true);
    await cli.json('jurisdiction', 'suspend', 'US-NY', '--reason', 'compromised', ...by(3));
    const shown = await cli.text('jurisdiction', 'show', 'US-NY');
    for (const words of ['New York', accreditor, 'suspended since 20', guardian, '1, compromised']) {
      assert.ok(shown.includes(words), words);
    }
    const lift = ['jurisdiction', 'resume', 'US-NY', ...by(3)];
    await cli.refused({ ...REVERTED, refusal: 'NotGuardian' }, ...lift);
    await cli.json('jurisdiction', 'resume', 'US-NY');
    await cli.json('guardian', 'revoke', guardian);
    await cli.json('guardian', 'offer', guardian);
    await cli.json('guardian', 'revoke', guardian);
    assert.deepEqual((await cli.json('guardian', 'show'))['guardians'], []);
    const renounced = await cli.run('guardian', 'renounce', ...by(3));
    assert.equal(renounced.status, 0, 'who is no guardian may say so');
  });

  test('an accreditor hands over, and what is proposed is shown with who may accept when', async () => {
    const propose = ['jurisdiction', 'propose-accreditor', 'US-NY'];
    await cli.json(...propose, next, ...by(1));
    await cli.json(...propose, 'none', ...by(1));
    assert.equal((await cli.json('jurisdiction', 'show', 'US-NY'))['next'], null);
    const { notBefore } = await cli.json(...propose, next);
    const shown = await cli.json('jurisdiction', 'show', 'US-NY');
    assert.deepEqual(shown['next'], { account: next, notBefore, fromAbove: true });
    const accept = ['jurisdiction', 'accept-accreditor', 'US-NY', ...by(2)];
    const early = await cli.refused({ ...REVERTED, refusal: 'NotProposed' }, ...accept);
    assert.ok(early.includes(' 20'), 'the date from which on');
    await pass(3600);
    assert.equal((await cli.json(...accept))['accreditor'], next);
    await cli.json(...propose, accreditor, ...by(2));
    await cli.json('jurisdiction', 'accept-accreditor', 'US-NY', ...by(1));
    await cli.refused(REVERTED, 'jurisdiction', 'show', 'NONE');
  });

  test('governance and its delay change as slowly as they say', async () => {
    const { notBefore } = await cli.json('governor', 'delay', '2h');
    const proposed = await cli.json('governor', 'propose', next);
    assert.deepEqual(await cli.json('governor', 'show'), {
      governor,
      next: { account: next, notBefore: proposed['notBefore'] },
      delay: 3600,
      nextDelay: { delay: 7200, notBefore },
    });
    const lines = (await cli.text('governor', 'show')).split('\n');
    assert.ok(lines[2]?.startsWith('delay 60 minutes, from 20'), lines.join());
    await cli.refused({ ...REVERTED, refusal: 'DelayNotAllowed' }, 'governor', 'delay', '1m');
    await cli.json('governor', 'cancel-delay');
    await cli.json('governor', 'cancel');
    const accept = ['governor', 'accept', ...by(2)];
    await cli.refused({ ...REVERTED, refusal: 'AccessControlInvalidDefaultAdmin' }, ...accept);
    await cli.json('governor', 'propose', next);
    await pass(3601);
    assert.equal((await cli.json(...accept))['governor'], next);
    await cli.json('governor', 'propose', governor, ...by(2));
    await pass(3601);
    await cli.json('governor', 'accept');
  });

  test('a successor is announced, shown from a log whose head was compared, and taken back', async () => {
    await cli.json('successor', 'announce', guardian, '--on-chain', '5');
    const successor = { registry: guardian, chainId: 5, by: governor };
    assert.partialDeepStrictEqual(await cli.json('successor', 'show'), { successor });
    await cli.json('successor', 'withdraw');
    assert.equal((await cli.json('successor', 'show'))['successor'], null);
  });

  test('the log tells in words what it tells as data, and leads to the head that the chain holds', async () => {
    const [log, head, text] = await Promise.all([cli.json('log'), cli.json('head'), cli.text('log')]);
    assert.deepEqual([log['head'], log['size']], [head['head'], head['size']]);
    const lines = text.trim().split('\n');
    assert.equal(lines.length, Number(head['size']) + 1);
    const [first = ''] = lines;
    assert.match(
      first,
      /^0 {2}20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ {2}block \d+ {2}0x\w{40} opened jurisdiction US-NY/,
    );
    assert.ok(lines.at(-1)?.includes(String(head['head'])));
  });

  test('a log that is not the one of the head is not told, and nothing is taken from it', async () => {
    await cli.json(
      'issuer',
      'register',
      '--iss',
      'https://log.example',
      '--name',
      'Log',
      '--jurisdiction',
      'US-NY',
      ...by(1),
    );
    const node = await lyingNode(async (method, honest) => {
      const answer = (await honest()) as { result: object[] };
      return method === 'eth_getLogs' ? result(answer.result.slice(1)) : answer;
    }, chain.rpcUrl);
    try {
      const lied = new RegistryCli(node.rpcUrl, address);
      const invalid = { status: 69, code: 'CHAIN_ANSWER_INVALID' } as const;
      await lied.refused(invalid, 'log');
      await lied.refused(invalid, 'successor', 'show');
      const update = ['issuer', 'update', 'https://log.example', ...by(1)];
      await lied.refused(invalid, ...update);
      await lied.json(...update, '--name', 'A name that is said');
    } finally {
      await node.stop();
    }
  });

  test('what the chain refuses, what is not there and what makes no sense end with their own status', async () => {
    const chainId = ['--chain-id', '1'];
    const stranger = { ...REVERTED, refusal: 'NotGuardian' };
    await Promise.all([
      cli.refused(stranger, 'jurisdiction', 'suspend', 'US-NY', ...by(4)),
      cli.refused({ status: 65, code: 'ARGUMENT_INVALID' }, 'jurisdiction', 'resume', 'us-ny'),
      cli.refused({ status: 65, code: 'WRONG_CHAIN' }, 'governor', 'cancel', ...chainId),
      cli.refused({ status: 65, code: 'WRONG_CHAIN' }, 'log', ...chainId),
    ]);
    const late = new RegistryCli('http://127.0.0.1:1', accreditor);
    await late.refused({ status: 69, code: 'CHAIN_UNAVAILABLE' }, 'head');
    const other = new RegistryCli(chain.rpcUrl, accreditor);
    await other.refused({ status: 65, code: 'NO_REGISTRY' }, 'governor', 'show');
    await other.refused({ status: 65, code: 'NO_REGISTRY' }, 'log');
    await Promise.all([
      cli.misused('jurisdiction', 'suspend', 'US-NY', '--reason', 'because'),
      cli.misused('governor', 'delay', 'soon'),
      cli.misused('guardian', 'offer', 'me'),
      cli.misused('fly'),
    ]);
  });
});

describe('the commands of the registry', () => {
  const leaves = (command: Command, path = ''): (readonly [string, Command])[] =>
    command.commands.length === 0
      ? [[path, command]]
      : command.commands.flatMap((child) => leaves(child, `${path} ${child.name()}`));

  test('explain themselves, each with an example of its own', () => {
    for (const [path, command] of leaves(registryCommand())) {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      assert.match(help, new RegExp(`Examples?:\n  pratique registry${path} `), path);
      assert.ok(command.description().length > 10, path);
    }
  });

  test('reach every write of the contract', async () => {
    const client = await Promise.all(
      ['governance', 'accreditation', 'issuing', 'instructions'].map(async (role) =>
        readFile(new URL(`../../contracts/registry-${role}.ts`, import.meta.url), 'utf8'),
      ),
    );
    const text = client.join('');
    for (const item of issuerRegistryAbi) {
      if (item.type !== 'function' || item.stateMutability !== 'nonpayable') continue;
      assert.ok(text.includes(`'${item.name}'`), item.name);
    }
  });
});
