import { IssuerError } from '../issuer-error.ts';

/** What a URL may say besides its host, user and database: nothing by which the server would be told to be less careful. */
const PARAMETERS: ReadonlySet<string> = new Set(['host', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey']);
const LOOPBACK: ReadonlySet<string> = new Set(['', 'localhost', '127.0.0.1', '[::1]']);

/**
 * Reads the URL of a PostgreSQL, as `postgresql://user@host:5432/database`, and answers it as `pg` is told: over a network
 * with TLS, the server's certificate verified, unless it says `sslmode=disable`.
 *
 * IssuerError DATABASE_INVALID; nothing of the URL is told, since it may hold a password.
 */
export function readDatabaseUrl(
  text: string,
  password: 'without password' | 'with or without password',
): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['postgres:', 'postgresql:'].includes(url.protocol) || url.pathname.length < 2)
    throw invalid('It is like postgresql://user@host:5432/database.');
  if (password === 'without password' && url.password !== '')
    throw invalid(
      'Its password does not belong there: say it in PGPASSWORD, or in a file of passwords (PGPASSFILE).',
    );
  for (const name of url.searchParams.keys())
    if (!PARAMETERS.has(name)) throw invalid(`Of parameters it may have ${[...PARAMETERS].join(', ')}.`);
  const mode = url.searchParams.get('sslmode');
  if (mode !== null && mode !== 'disable' && mode !== 'verify-full')
    throw invalid('Its sslmode is verify-full or disable: another would let anybody be the server.');
  const isLocal = url.searchParams.get('host')?.startsWith('/') ?? LOOPBACK.has(url.hostname);
  if (!isLocal && mode === null) url.searchParams.set('sslmode', 'verify-full');
  return url.href;
}

function invalid(what: string): IssuerError {
  return new IssuerError('DATABASE_INVALID', `The URL of the database cannot be used. ${what}`);
}
