/// <reference types="vite/client" />
import wasmAddress from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { decodeBase64url } from '../../credential/base64url.ts';
import { inflateRaw } from '../../credential/deflate.ts';
import { importEs256Key } from '../../credential/es256-web.ts';
import { readQrCodes } from '../../credential/qr-reader.ts';
import type { Decision } from '../../verifier/pipeline/decision.ts';
import { readBytes, readCodes, type Piece } from '../../verifier/pipeline/input.ts';
import { verifyPieces } from '../../verifier/pipeline/verify-pieces.ts';
import { fileBytes, termsOf, trustOf, type Vector } from '../support/vectors.ts';
import type { Answers, PageCases } from './cases.ts';

declare global {
  // The test waits for it.
  var answers: Promise<Answers> | undefined;
}

const PORTS = { inflate: inflateRaw, importKey: importEs256Key };

const violations: string[] = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  violations.push(`${violatedDirective} ${blockedURI}`);
});

async function decide(
  { input, ...vector }: Vector,
  trusts: PageCases['trusts'],
): Promise<readonly Decision[]> {
  const { trust: name } = vector;
  const trust = name === 'missing' || name === 'invalid' ? name : trustOf(trusts[name], importEs256Key);
  const pieces = (await readInput(input)).map((piece) => ({ source: '', piece }));
  return verifyPieces(pieces, trust, termsOf(vector), PORTS);
}

/** As a page reads what a camera saw, and a file that was opened in it or dropped onto it. */
async function readInput(input: Vector['input']): Promise<readonly Piece[]> {
  if ('text' in input) return [input];
  if ('codes' in input) return readCodes(input.codes);
  const bytes = fileBytes(input.file);
  return bytes === undefined ? [{ code: 'INPUT_NOT_FOUND' }] : readBytes(bytes, readPicture);
}

async function readPicture(picture: Uint8Array): Promise<readonly string[]> {
  return readQrCodes(picture, () => fetchBytes(wasmAddress));
}

async function fetchBytes(address: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(address)).arrayBuffer());
}

async function answerAll(): Promise<Answers> {
  const { vectors, trusts, picture } = (await (await fetch('cases.json')).json()) as PageCases;
  const decisions = new Map<string, Answers['decisions'][string]>();
  for (const vector of vectors) {
    const answer = await decide(vector, trusts);
    // Each check's result by its name, as a vector has it.
    decisions.set(
      vector.name,
      answer.map(({ outcome, codes, checks, rules, unmet }) => ({
        outcome,
        codes,
        checks: { ...checks },
        rules,
        unmet,
      })),
    );
  }
  const inPicture = await readPicture(decodeBase64url(picture));
  return { decisions: Object.fromEntries(decisions), inPicture, violations };
}

globalThis.answers = answerAll();
