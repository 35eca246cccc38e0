import { createPrivateKey, type KeyObject } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { IssuerError } from '../../../agent/issuer-error.ts';
import { fhirSource } from '../../../agent/records/fhir-source.ts';
import type { RecordSource } from '../../../agent/records/record-source.ts';
import { RecordTable } from '../../../agent/records/record-table.ts';
import {
  bearerToken,
  smartBackend,
  type ServerAuthorization,
} from '../../../agent/records/server-authorization.ts';
import type { CodeSender } from '../../../agent/retrieval/code-sender.ts';
import { emailSender } from '../../../agent/retrieval/email-sender.ts';
import { smsSender } from '../../../agent/retrieval/sms-sender.ts';
import type { ServiceStore } from '../../../agent/service/service-store.ts';
import { readFileUpTo } from '../../../verifier/node/read-file.ts';
import { invalid, readServiceConfigFile, type ServiceConfig, type SourceConfig } from './service-config.ts';

/** Where to look people up, and how to reach them; without senders nobody is. */
export interface ConfigParts {
  readonly sources: readonly RecordSource[];
  readonly senders: readonly CodeSender[];
}

const MAX_SECRET_BYTES = 64 * 1024;
/** Standard Webhooks: base64 behind this prefix. */
const WEBHOOK_PREFIX = 'whsec_';

/**
 * Makes what a configuration says, from its file and those that it names.
 *
 * IssuerError CONFIG_INVALID, naming the member that is wrong; INPUT_UNREADABLE.
 */
export async function configParts(path: string, store: ServiceStore): Promise<ConfigParts> {
  const config = await readServiceConfigFile(path);
  const read = reader(dirname(resolve(path)));
  const sources: RecordSource[] = [];
  for (const [at, source] of config.sources.entries()) {
    sources.push(await within(`sources.${at}`, async () => sourceOf(source, store, read)));
  }
  return { sources, senders: await sendersOf(config, read) };
}

type ReadSecret = (path: string) => Promise<string>;

/** Reads a file without the line end that editors put at its end. */
function reader(folder: string): ReadSecret {
  return async (path) => {
    const bytes = await readFileUpTo(resolve(folder, path), MAX_SECRET_BYTES).catch(() => undefined);
    if (bytes === undefined || bytes === 'too-large') throw fault('A file that it names cannot be read.');
    const secret = Buffer.from(bytes)
      .toString('utf8')
      .replace(/\r?\n$/, '');
    if (secret === '') throw fault('A file that it names is empty.');
    return secret;
  };
}

async function sourceOf(source: SourceConfig, store: ServiceStore, read: ReadSecret): Promise<RecordSource> {
  if (source.kind === 'loaded') {
    const { name, identifierSystem } = source;
    return new RecordTable(store).source(name, identifierSystem === undefined ? {} : { identifierSystem });
  }
  const { name, base, publicBase, authorization } = source;
  return fhirSource({
    name,
    base,
    ...(publicBase === undefined ? {} : { publicBase }),
    ...(authorization === undefined ? {} : { authorization: await authorizationOf(authorization, read) }),
  });
}

type Authorization = NonNullable<Extract<SourceConfig, { kind: 'fhir' }>['authorization']>;

async function authorizationOf(how: Authorization, read: ReadSecret): Promise<ServerAuthorization> {
  if (how.kind === 'bearer') return bearerToken(await read(how.tokenFile));
  const { kind: _, keyFile, ...client } = how;
  return smartBackend({ ...client, privateKey: privateKeyOf(await read(keyFile)) });
}

function privateKeyOf(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw fault('The key file holds no private key in PEM.');
  }
}

async function sendersOf({ smtp, sms }: ServiceConfig, read: ReadSecret): Promise<readonly CodeSender[]> {
  const senders: CodeSender[] = [];
  if (smtp !== undefined) {
    const { user, caFile, security, ...server } = smtp;
    senders.push(
      await within('smtp', async () =>
        emailSender({
          ...server,
          ...(security === undefined ? {} : { security }),
          ...(user === undefined
            ? {}
            : { user: { name: user.name, password: await read(user.passwordFile) } }),
          ...(caFile === undefined ? {} : { ca: await read(caFile) }),
        }),
      ),
    );
  }
  if (sms !== undefined) {
    const { url, secretFile } = sms;
    senders.push(
      await within('sms', async () => smsSender({ url, secret: webhookSecret(await read(secretFile)) })),
    );
  }
  return senders;
}

function webhookSecret(text: string): Uint8Array {
  return text.startsWith(WEBHOOK_PREFIX)
    ? Buffer.from(text.slice(WEBHOOK_PREFIX.length), 'base64')
    : Buffer.from(text);
}

function fault(sentence: string): IssuerError {
  return new IssuerError('CONFIG_INVALID', sentence);
}

/** Says of which part it is that something is wrong. */
async function within<T>(part: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof IssuerError) throw invalid(`${part}: ${error.message.replace(/\.$/, '')}`);
    throw error;
  }
}
