import { z } from 'zod/v4';
import { FormatError } from '../../../credential/errors.ts';
import { decodeUtf8, parseJson } from '../../../credential/json.ts';
import { IssuerError } from '../../../agent/issuer-error.ts';
import { readFileUpTo } from '../../../verifier/node/read-file.ts';

const MAX_FILE_BYTES = 256 * 1024;
const text = z.string().min(1).max(1000);
/** A path, from the folder of the configuration on. Secrets stand in files of their own, never in it. */
const file = text;

const AUTHORIZATION = z.discriminatedUnion('kind', [
  /** A token that the registry gave out. */
  z.strictObject({ kind: z.literal('bearer'), tokenFile: file }),
  /** SMART Backend Services: tokens for assertions that are signed with a key, PKCS #8 in PEM. */
  z.strictObject({
    kind: z.literal('smart'),
    tokenUrl: text,
    clientId: text,
    keyFile: file,
    kid: text,
    alg: z.enum(['ES384', 'RS384', 'ES256']),
    scope: text,
  }),
]);

const SOURCE = z.discriminatedUnion('kind', [
  /** Records that `issuer records load` has loaded under this name. */
  z.strictObject({
    kind: z.literal('loaded'),
    name: text,
    /** Of the identifiers that the FHIR operation takes as ids of patients; those without a system unless it is said. */
    identifierSystem: text.optional(),
  }),
  z.strictObject({
    kind: z.literal('fhir'),
    name: text,
    base: text,
    /** Its address as clients know it: cards are linked with its resources there, and nowhere unless it is said. */
    publicBase: text.optional(),
    authorization: AUTHORIZATION.optional(),
  }),
]);

const SMTP = z.strictObject({
  host: text,
  port: z.int().min(1).max(65_535),
  from: text,
  security: z.enum(['starttls', 'tls', 'none-on-this-machine']).optional(),
  user: z.strictObject({ name: text, passwordFile: file }).optional(),
  caFile: file.optional(),
});

const SMS = z.strictObject({ url: text, secretFile: file });

const CONFIG = z.strictObject({
  sources: z
    .array(SOURCE)
    .min(1)
    .max(20)
    .refine((sources) => new Set(sources.map(({ name }) => name)).size === sources.length, {
      error: 'two sources have one name',
    }),
  /** Without a way to send codes residents retrieve nothing, and staff look people up all the same. */
  smtp: SMTP.optional(),
  sms: SMS.optional(),
});

/** Where an issuer's service looks people up, and how codes are sent to residents. */
export type ServiceConfig = z.infer<typeof CONFIG>;
export type SourceConfig = ServiceConfig['sources'][number];

/** Reads a configuration: no member unknown. IssuerError CONFIG_INVALID, naming the member that is wrong. */
export function readServiceConfig(json: unknown): ServiceConfig {
  const read = CONFIG.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw invalid(`${where === '' ? '' : `${where}: `}${issue?.message ?? 'it is none'}`);
}

/** The same from a file. IssuerError CONFIG_INVALID, INPUT_UNREADABLE. */
export async function readServiceConfigFile(path: string): Promise<ServiceConfig> {
  const bytes = await readFileUpTo(path, MAX_FILE_BYTES).catch(() => undefined);
  if (bytes === undefined || bytes === 'too-large') {
    throw new IssuerError('INPUT_UNREADABLE', "The file of the service's configuration cannot be read.");
  }
  try {
    return readServiceConfig(parseJson(decodeUtf8(bytes)));
  } catch (error) {
    if (error instanceof FormatError) throw invalid('it is not JSON, or names a member twice');
    throw error;
  }
}

/** A part of a configuration that cannot be used, by its name; what is wrong with it is `why`. */
export function invalid(why: string): IssuerError {
  return new IssuerError(
    'CONFIG_INVALID',
    `The configuration of the service does not hold (${why.slice(0, 300)}).`,
  );
}
