import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IssuedCard, Issuer } from '../../agent/issuer.ts';
import { parseJson } from '../../credential/json.ts';
import { renderQrTerminal } from '../../credential/qr.ts';
import { writeCardFiles } from '../issuer/issue.ts';
import type { Stage } from './stage.ts';

/** A card with the picture of its QR code, as the resident holds it. */
export interface HeldCard {
  readonly id: string;
  readonly rid: string;
  readonly picture: string;
  /** The same claims as a W3C credential, vc+jwt. */
  readonly vc: string;
  readonly jws: string;
}

/** Issue a card from each sample record, show its QR code, and save it as the files a resident keeps. */
export async function issueSamples(stage: Stage, issuer: Issuer): Promise<readonly [HeldCard, HeldCard]> {
  return [
    await issueSample(stage, issuer, 'immunization', 'an immunization record'),
    await issueSample(stage, issuer, 'lab-result', 'a laboratory result'),
  ];
}

async function issueSample(stage: Stage, issuer: Issuer, sample: string, what: string): Promise<HeldCard> {
  const bundle = await readSample(sample);
  const { card, files } = await stage.steps.step(
    `Issue a Pass Plus from ${what}`,
    async () => {
      const issued = await issuer.issuePlus(bundle, { now: Date.now() / 1000 });
      return { card: issued, files: await writeCardFiles(issued, join(stage.folder, 'cards', sample)) };
    },
    ({ card: issued }) => describe(issued),
  );
  stage.steps.text(renderQrTerminal(card.jws, 'shc'));
  const [picture = '', vc = ''] = ['.png', '.vc.jwt'].map((kind) =>
    files.find((file) => file.endsWith(kind)),
  );
  return { id: card.id, rid: card.rid, jws: card.jws, picture, vc };
}

function describe({ jws, vc, legacyVc, rid }: IssuedCard): string {
  return `${rid}, a health card of ${jws.length} characters, a vc+jwt of ${vc.length}, a VCDM 1.1 JWT of ${legacyVc.length}`;
}

async function readSample(name: string): Promise<unknown> {
  return parseJson(await readFile(new URL(`../samples/${name}.json`, import.meta.url), 'utf8'));
}
