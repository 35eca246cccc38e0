import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../agent/atomic-file.ts';
import type { Revocation } from '../../agent/card-record.ts';
import type { IssuedCard } from '../../agent/issuer.ts';
import { IssuerError } from '../../agent/issuer-error.ts';
import { PRODUCTS, type ProductName } from '../../agent/products.ts';
import { lintBundle } from '../../credential/bundle-lint.ts';
import { minimiseBundle, parseBundle } from '../../credential/fhir-bundle.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { renderQrPng, renderQrSvg, renderQrTerminal } from '../../credential/qr.ts';
import type { CardScheme } from '../../credential/shc-uri.ts';
import { encodeCardFile } from '../../credential/smart-health-card-file.ts';
import { readFileUpTo } from '../../verifier/node/read-file.ts';
import { UsageError } from '../exit.ts';
import { renderFindings } from './findings.ts';
import { warnOfKey } from './key-warning.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export interface IssueOptions extends IssuerOptions {
  readonly out: string;
  readonly product?: ProductName;
  readonly holder?: string;
  readonly kid?: string;
  readonly replaces?: string;
}

/** No record of a person is that long; a larger file is not read into memory. */
const MAX_BUNDLE_BYTES = 5_000_000;
/** The files hold a person's health data. */
const PRIVATE = 0o600;

export async function runIssue(path: string, options: IssueOptions): Promise<void> {
  if (options.holder !== undefined && !isPass(options.product)) {
    throw new UsageError('Say --holder with the --product of a Pass: nothing else is bound to a holder.');
  }
  const bundle = parseBundle(parseJson(decodeUtf8(await readBundleFile(path))));
  const { card, files, warning } = await withIssuer(options, async (issuer) => {
    const terms = {
      now: Date.now() / 1000,
      ...(options.kid === undefined ? {} : { kid: options.kid }),
      ...(options.replaces === undefined ? {} : { replaces: options.replaces }),
    };
    // Before an index is spent on a card that cannot be handed out.
    await assertWritable(options.out);
    const keyWarning = warnOfKey(issuer, options);
    const { product, holder } = options;
    const issued =
      product === undefined
        ? await issuer.issuePlus(bundle, terms)
        : await issuer.issueProduct(product, bundle, {
            ...terms,
            ...(holder === undefined ? {} : { holder }),
          });
    return { card: issued, files: await writeOrSay(issued, options.out), warning: keyWarning };
  });
  const { id, kid, rid, profile, product, issuedAt, fitsQr, replaced } = card;
  const findings = lintBundle(minimiseBundle(bundle));
  report(options, { id, kid, rid, profile, product, issuedAt, fitsQr, files, replaced, findings, warning }, [
    ...(fitsQr ? [renderQrTerminal(card.jws, schemeOf(card))] : []),
    `Card ${rid} issued and verified.`,
    ...(fitsQr ? [] : ['  It is too long for one QR code: hand it out as the .smart-health-card file.']),
    ...files.map((file) => `  ${file}`),
    ...(replaced === undefined ? [] : replacedLines(replaced)),
    ...renderFindings(findings),
  ]);
}

function isPass(product: ProductName | undefined): boolean {
  return product !== undefined && PRODUCTS[product].profile === 'pass';
}

function replacedLines({ rid, reason, already }: Revocation): readonly string[] {
  return already
    ? [`Card ${rid} was revoked already (${reason}) and stays so.`]
    : [
        `Card ${rid} is revoked (superseded).`,
        '  next     `pratique issuer anchor`, so that venues learn of it',
      ];
}

async function assertWritable(out: string): Promise<void> {
  try {
    await mkdir(out, { recursive: true });
    await access(out, constants.W_OK);
  } catch {
    throw new IssuerError(
      'OUTPUT_UNWRITABLE',
      'The folder for the files cannot be written; nothing was issued.',
    );
  }
}

/** A card whose files are lost still stands: its id is what revokes it. */
async function writeOrSay(card: IssuedCard, out: string): Promise<string[]> {
  try {
    return await writeCardFiles(card, out);
  } catch {
    throw new IssuerError(
      'OUTPUT_UNWRITABLE',
      `The files could not be written. Card ${card.id} is issued: revoke it, and issue again.`,
    );
  }
}

/** A reader of health cards must not take a Pass for one. */
function schemeOf({ profile }: IssuedCard): CardScheme {
  return profile === 'pass' ? 'pratique' : 'shc';
}

/** Writes a card as the files a holder can take along; the answer is their paths. */
export async function writeCardFiles(card: IssuedCard, out: string): Promise<string[]> {
  const base = join(out, `card-${card.rid}`);
  const scheme = schemeOf(card);
  const contents: readonly (readonly [string, string | Uint8Array])[] = [
    scheme === 'shc' ? ['.smart-health-card', encodeCardFile([card.jws])] : ['.jws', `${card.jws}\n`],
    ...(card.fitsQr
      ? ([
          ['.svg', renderQrSvg(card.jws, scheme)],
          ['.png', await renderQrPng(card.jws, scheme)],
        ] as const)
      : []),
    ['.vc.jwt', `${card.vc}\n`],
    ['.vc-legacy.jwt', `${card.legacyVc}\n`],
  ];
  await mkdir(out, { recursive: true });
  for (const [extension, content] of contents) await writeFileAtomic(base + extension, content, PRIVATE);
  return contents.map(([extension]) => base + extension);
}

async function readBundleFile(path: string): Promise<Uint8Array> {
  let bytes: Uint8Array | 'too-large';
  try {
    bytes = await readFileUpTo(path, MAX_BUNDLE_BYTES);
  } catch {
    throw new IssuerError('INPUT_UNREADABLE', 'The bundle cannot be read.');
  }
  if (bytes === 'too-large') throw new IssuerError('INPUT_UNREADABLE', 'The bundle is over 5 MB long.');
  return bytes;
}
