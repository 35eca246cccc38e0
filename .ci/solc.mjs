#!/usr/bin/env node
// The `solc` that forge calls: the compiler of the npm package, so that nothing is ever downloaded.

import { text } from 'node:stream/consumers';
import solc from 'solc';

/** @type {{ version(): string; compile(input: string): string }} */
const compiler = solc;

if (process.argv.includes('--version')) {
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${compiler.version()}\n`);
} else {
  // Not read at once: what forge writes comes bit by bit, and its pipe does not block.
  process.stdout.write(compiler.compile(await text(process.stdin)));
}
