/// <reference types="vite/client" />
import wasmAddress from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { decodeBase64url } from '../../credential/base64url.ts';
import { inflateRaw } from '../../credential/deflate.ts';
import { importEs256Key } from '../../credential/es256-web.ts';
import { readQrCodes } from '../../credential/qr-reader.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import { indexTrust } from '../../verifier/pipeline/trust.ts';
import { verifyCredential } from '../../verifier/pipeline/verify.ts';
import type { Answers, PageCases, PageTrust } from './cases.ts';

declare global {
  // The test waits for it.
  var answers: Promise<Answers> | undefined;
}

const violations: string[] = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  violations.push(`${violatedDirective} ${blockedURI}`);
});

async function fetchBytes(address: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(address)).arrayBuffer());
}

function trustOf(held: PageTrust): Parameters<typeof verifyCredential>[1] {
  if (typeof held === 'string') return held;
  try {
    return indexTrust(held.document, { anchored: held.anchored, importKey: importEs256Key });
  } catch (error) {
    if (error instanceof TrustError) return 'invalid';
    throw error;
  }
}

async function answerAll(): Promise<Answers> {
  const { trusts, cases, picture } = (await (await fetch('cases.json')).json()) as PageCases;
  const held = new Map(Object.entries(trusts).map(([name, trust]) => [name, trustOf(trust)]));
  const decisions: Answers['decisions'] = {};
  for (const { name, evidence, trust, terms } of cases) {
    const decision = await verifyCredential(evidence, held.get(trust) ?? 'missing', terms, {
      inflate: inflateRaw,
    });
    decisions[name] = { outcome: decision.outcome, codes: decision.codes };
  }
  const inPicture = await readQrCodes(decodeBase64url(picture), () => fetchBytes(wasmAddress));
  return { decisions, inPicture, violations };
}

globalThis.answers = answerAll();
