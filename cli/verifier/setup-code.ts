import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { renderQrPng, renderQrSvg, renderQrTerminal } from '../../credential/qr.ts';
import { replaceFile } from '../../verifier/node/atomic-file.ts';
import { exporterKeyOf } from '../../verifier/node/exporter-key.ts';
import { SetupCodeError, setupCodesOf } from '../../verifier/node/setup-codes.ts';
import { readFloor } from '../../verifier/node/store-floor.ts';
import { encodeSetupCode } from '../../verifier/pipeline/setup-code.ts';
import type { SetupCode } from '../../verifier/pipeline/setup-code.ts';
import { hashPin, pinFault } from '../../verifier/web/lock/pin-hash.ts';
import type { Config } from '../config.ts';
import { cleanText } from '../display.ts';
import { UsageError } from '../exit.ts';
import { readSecret } from '../issuer/passphrase.ts';
import { report } from '../issuer/session.ts';
import type { SetupCodeOptions } from './setup-code-command.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const MAX_LANGUAGES = 12;

/**
 * `pratique verifier setup-code`: make a code, list them, or withdraw one.
 *
 * @throws SetupCodeError, TrustError, UsageError; IssuerError PIN_MISSING or INPUT_UNREADABLE
 */
export async function runSetupCode(options: SetupCodeOptions, config: Config): Promise<void> {
  const store = options.store ?? config.trustStore;
  assertSensible(options);
  await assertStore(store);
  if (options.list === true) await list(options, store);
  else if (options.withdraw === undefined) await make(options, store);
  else await withdraw(options, options.withdraw, store);
}

function assertSensible({
  name,
  list: asked,
  withdraw: id,
  rules,
  language,
  ...rest
}: SetupCodeOptions): void {
  const ways = [name !== undefined, asked === true, id !== undefined];
  if (ways.filter(Boolean).length !== 1) {
    throw new UsageError('Give the venue’s name with --name to make a code, or --list, or --withdraw.');
  }
  if (rest.lock === true && rest.pinFile !== undefined)
    throw new UsageError('Give either --lock, which asks for the PIN, or --pin-file, not both.');
  if (name !== undefined && (name.trim() === '' || name !== cleanText(name, 60)))
    throw new UsageError('The name is one line of at most 60 characters, without hidden ones.');
  if (!/^(?:none|[A-Za-z0-9-]+(?:\/[A-Za-z0-9-]+)*)$/.test(rules) || rules.length > 100)
    throw new UsageError('The rules are named as `pratique rules list` does, such as US-NY/ENTRY.');
  if ((language ?? []).length > MAX_LANGUAGES)
    throw new UsageError(`Offer at most ${MAX_LANGUAGES} languages first.`);
}

/** A typing error in the path would otherwise make a key that no scanner knows. */
async function assertStore(store: string): Promise<void> {
  try {
    if ((await stat(store)).isDirectory()) return;
  } catch {
    // Said below.
  }
  throw new SetupCodeError(
    'STORE_MISSING',
    'There is no trust store in that folder: start the node first with `pratique verifier serve`.',
  );
}

async function make(options: SetupCodeOptions, store: string): Promise<void> {
  const exporter = await exporterKeyOf(store);
  const floor = await readFloor(store);
  if (floor?.exporter !== undefined && floor.exporter !== null && floor.exporter !== exporter.kid) {
    throw new SetupCodeError(
      'SETUP_OF_ANOTHER_NODE',
      `This store passes on the trust data of another node (${floor.exporter}): make the codes for its scanners there.`,
    );
  }
  const iat = Math.floor(Date.now() / 1000);
  const { rules, language: languages = [], takeUp, valid } = options;
  const code: SetupCode = {
    id: randomBytes(12).toString('base64url'),
    name: options.name ?? '',
    rules,
    languages,
    pin: await pinHash(options),
    registry: floor === undefined ? null : `${floor.source.chainId}:${floor.source.registry.toLowerCase()}`,
    iat,
    takeUntil: Math.min(iat + takeUp * HOUR, iat + valid * DAY),
    exp: iat + valid * DAY,
  };
  const jws = await setupCodesOf(store).issue(code, exporter);
  const uri = encodeSetupCode(jws);
  const files = await write(options, jws);
  const { pin, ...said } = code;
  report(options, { code: uri, ...said, locked: pin !== null, node: exporter.kid, files }, [
    ...(files.length > 0 ? [] : [renderQrTerminal(jws, 'pratique-setup')]),
    `Set-up code for ${cleanText(code.name)}`,
    `  id         ${code.id}`,
    `  rules      ${rules === 'none' ? 'none: whoever scans may choose' : rules}`,
    `  languages  ${languages.length === 0 ? 'as the device has them' : languages.join(', ')}`,
    `  locked     ${pin === null ? 'no' : 'by the PIN'}`,
    `  take up    until ${moment(code.takeUntil)}`,
    `  holds      until ${moment(code.exp)}`,
    `  node       ${exporter.kid}`,
    `  registry   ${code.registry ?? 'none yet'}`,
    ...files.map((file) => `  file       ${file}`),
  ]);
}

async function pinHash({ lock, pinFile }: SetupCodeOptions): Promise<string | null> {
  if (lock !== true && pinFile === undefined) return null;
  const pin = await readSecret({
    file: pinFile,
    question: 'PIN for the scanners’ settings',
    confirm: true,
    of: { noun: 'PIN', missing: 'PIN_MISSING', option: '--pin-file' },
  });
  const fault = pinFault(pin);
  if (fault !== undefined) throw new SetupCodeError(fault, PIN_WORDS[fault]);
  return hashPin(pin);
}

const PIN_WORDS = {
  PIN_TOO_SHORT: 'A PIN has at least six characters: whoever photographs the code may try PINs at leisure.',
  PIN_TOO_SIMPLE: 'Such a PIN is the first that is tried: take another than 000000 or 123456.',
} as const;

async function write({ svg, png }: SetupCodeOptions, jws: string): Promise<readonly string[]> {
  try {
    if (svg !== undefined) await replaceFile(svg, renderQrSvg(jws, 'pratique-setup'), 0o600);
    if (png !== undefined) await replaceFile(png, await renderQrPng(jws, 'pratique-setup'), 0o600);
  } catch {
    throw new SetupCodeError(
      'OUTPUT_UNWRITABLE',
      'The picture cannot be written. The code is made all the same: see --list, and withdraw it.',
    );
  }
  return [svg, png].flatMap((file) => file ?? []);
}

async function list(options: SetupCodeOptions, store: string): Promise<void> {
  const codes = await setupCodesOf(store).list();
  const now = Date.now() / 1000;
  report(options, codes, [
    ...(codes.length === 0 ? ['This store has made no set-up code.'] : []),
    ...codes.flatMap(({ id, name, rules, locked, takeUntil, exp, withdrawn }) => [
      `${id}  ${cleanText(name)}`,
      `  rules ${cleanText(rules)}${locked ? ', locked' : ''}; ${
        withdrawn
          ? 'withdrawn'
          : now > exp
            ? 'over'
            : `take up until ${moment(takeUntil)}, holds until ${moment(exp)}`
      }`,
    ]),
  ]);
}

async function withdraw(options: SetupCodeOptions, id: string, store: string): Promise<void> {
  const isNew = await setupCodesOf(store).withdraw(id);
  report(options, { withdrawn: id, already: !isNew }, [
    isNew
      ? `Set-up code ${id} is withdrawn: its scanners stop when they next reach the node, within a minute if they are online.`
      : `Set-up code ${cleanText(id)} was withdrawn before.`,
  ]);
}

function moment(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
