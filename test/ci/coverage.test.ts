import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type LocalChain, startChain } from '../../cli/chain.ts';
import { callNode } from '../../contracts/json-rpc.ts';
import { compiledBytecode, contractSources, instrument, unreached } from '../contracts/instrumentation.ts';

/** Each line says after // what of it `f(3)` leaves undone. */
const SAMPLE = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30; // "é" moves bytes, not lines
contract Sample {
    uint256 private _called;
    error Never(string text);
    modifier positive(uint256 n) {
        if (n == 0) revert Never(unicode"é"); // true, reached
        _;
    }
    function f(uint256 n) external positive(n) returns (uint256 sum) {
        if (n > 2) sum = 1; // false
        else sum = 2; // reached
        if (n > 5) { // true
            sum = 9; // reached
        } else if (n > 4) sum = 8; // true, reached
        for (uint256 i = 0; i < n; ++i) if (i == 1) sum += i;
        for (uint256 i = 0; i < 0; ++i) sum += i; // true, reached
        while (sum < 1) ++sum; // true, reached
        bool both = n == 3 && (n == 4 || n == 5 || !(n == 6)); // false, true, true, false
        sum += both ? 1 : 2; // false
        unchecked { sum -= 1; }
        assembly { sum := add(sum, 1) }
        while (true) { if (sum > 0) break; ++sum; } // false, reached
        _called = sum;
        if (n == 7 && n == 8) return 0; // true, true, false, reached
    }
    function g() external pure { revert Never(""); } // reached
}
`;

describe('Solidity coverage', () => {
  let folder: string;
  let chain: LocalChain;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratique-coverage-'));
    process.env['PRATIQUE_COVERAGE'] = folder;
    chain = await startChain({}, new URL('../contracts/coverage-process.ts', import.meta.url));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  test('names each statement and each outcome of a condition that nothing reached, and no other', async () => {
    const { sources, points } = instrument({ 'Sample.sol': SAMPLE });
    const { rpcUrl } = chain;
    const [from] = (await callNode(rpcUrl, 'eth_accounts', [])) as string[];
    const creation = { from, data: compiledBytecode(sources, 'Sample.sol:Sample') };
    const hash = await callNode(rpcUrl, 'eth_sendTransaction', [creation]);
    const receipt = await callNode(rpcUrl, 'eth_getTransactionReceipt', [hash]);
    const { contractAddress: to } = receipt as { contractAddress: string };
    const data = `0xb3de648b${'3'.padStart(64, '0')}`; // f(3)
    await callNode(rpcUrl, 'eth_call', [{ from, to, data }, 'latest']);
    await chain.stop();

    const expected = SAMPLE.split('\n').map((line) => {
      const [, undone = ''] = / \/\/ ((?:true|false|reached)(?:, (?:true|false|reached))*)$/.exec(line) ?? [];
      return undone.split(', ').filter(Boolean).toSorted();
    });
    const missing = SAMPLE.split('\n').map((_, i) =>
      unreached(points, folder)
        .filter(({ line }) => line === i + 1)
        .map(({ what }) => (what === 'statement' ? 'reached' : what))
        .toSorted(),
    );
    assert.deepEqual(missing, expected);
  });

  test('sees each condition of the contracts', () => {
    const sources = contractSources();
    const { points } = instrument(sources);
    for (const [file, text] of Object.entries(sources)) {
      const code = text.replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, '').replaceAll(/\/\/.*$/gm, '');
      const words = [...code.matchAll(/\bif \(|\bwhile \((?!true)|\bfor \(|&&|\|\|| \? /g)].length;
      const outcomes = points.filter((point) => point.file === file && point.what !== 'statement').length;
      // What is decided outside of a condition, as in `return a && b`, makes two more.
      assert.ok(outcomes >= 2 * words, file);
    }
  });
});
