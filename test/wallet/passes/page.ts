/// <reference types="vite/client" />
import wasmAddress from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { inflateRaw } from '../../../credential/deflate.ts';
import { importEs256Key } from '../../../credential/es256-web.ts';
import { readQrCodes } from '../../../credential/qr-reader.ts';
import { indexedDbStore } from '../../../wallet/vault/indexed-db.ts';
import { createVault } from '../../../wallet/vault/vault.ts';
import type { WalletAnswers, WalletCases } from './cases.ts';
import { runCases } from './run-cases.ts';

declare global {
  // The test waits for it.
  var walletAnswers: Promise<WalletAnswers> | undefined;
}

async function readPicture(picture: Uint8Array): Promise<readonly string[]> {
  return readQrCodes(picture, async () => new Uint8Array(await (await fetch(wasmAddress)).arrayBuffer()));
}

async function answerAll(): Promise<WalletAnswers> {
  const cases = (await (await fetch('cases.json')).json()) as WalletCases;
  const clock = (): number => cases.now;
  const store = indexedDbStore('pratique-wallet');
  const vault = await createVault({ store, clock, cost: { memoryKiB: 64, passes: 1 } }, '274915');
  return runCases(cases, vault, { inflate: inflateRaw, importKey: importEs256Key, readPicture });
}

globalThis.walletAnswers = answerAll();
