/// <reference types="vite/client" />
import wasmAddress from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { decodeBase64url } from '../../credential/base64url.ts';
import { inflateRaw } from '../../credential/deflate.ts';
import { FormatError } from '../../credential/errors.ts';
import { importEs256Key } from '../../credential/es256-web.ts';
import { readQrCodes } from '../../credential/qr-reader.ts';
import { joinChunks, parseCardUri, type CardUri } from '../../credential/shc-uri.ts';
import { conclude } from '../../verifier/pipeline/conclude.ts';
import type { Decision, FailureCode } from '../../verifier/pipeline/decision.ts';
import type { Evidence } from '../../verifier/pipeline/evidence.ts';
import { verifyEvidence } from '../../verifier/pipeline/presentation.ts';
import { termsOf, trustOf, type Vector } from '../support/vectors.ts';
import type { Answers, PageCases } from './cases.ts';

declare global {
  // The test waits for it.
  var answers: Promise<Answers> | undefined;
}

type Found = Evidence | { readonly code: FailureCode };

const PORTS = { inflate: inflateRaw, importKey: importEs256Key };

const violations: string[] = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  violations.push(`${violatedDirective} ${blockedURI}`);
});

async function decide(vector: Vector, trusts: PageCases['trusts']): Promise<readonly Decision[]> {
  const { input, trust: name } = vector;
  const trust = name === 'missing' || name === 'invalid' ? name : trustOf(trusts[name], importEs256Key);
  const decisions: Decision[] = [];
  for (const found of 'codes' in input ? readCodes(input.codes) : 'text' in input ? [input] : []) {
    if ('code' in found) decisions.push(conclude({ codes: [found.code] }));
    else decisions.push(...(await verifyEvidence(found, trust, termsOf(vector), PORTS)));
  }
  return decisions;
}

/** As one scans: a code is a card, or a chunk of the card that the codes before it began. */
function readCodes(codes: readonly string[]): readonly Found[] {
  const runs: (Found | CardUri[])[] = [];
  for (const code of codes) {
    const read = attempt(() => parseCardUri(code));
    const last = runs.at(-1);
    if ('code' in read) runs.push(read);
    else if (read.chunk === undefined) runs.push({ text: read.text, scheme: read.scheme });
    else if (Array.isArray(last) && last[0]?.chunk?.total === read.chunk.total) last.push(read);
    else runs.push([read]);
  }
  return runs.map((run) =>
    Array.isArray(run) ? attempt((): Evidence => ({ text: joinChunks(run), scheme: 'shc' })) : run,
  );
}

function attempt<T>(read: () => T): T | { readonly code: FailureCode } {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) return { code: error.code };
    throw error;
  }
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
      answer.map(({ outcome, codes, checks }) => ({ outcome, codes, checks: { ...checks } })),
    );
  }
  const inPicture = await readQrCodes(decodeBase64url(picture), () => fetchBytes(wasmAddress));
  return { decisions: Object.fromEntries(decisions), inPicture, violations };
}

globalThis.answers = answerAll();
