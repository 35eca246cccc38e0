import { IssuerError } from '../issuer-error.ts';
import { codeOf } from '../store-fault.ts';

/** What the server says it is, by SQLSTATE (PostgreSQL, Appendix A); of what is not here the database is just not there. */
const FAULT_OF_STATE: Readonly<
  Record<string, readonly [code: 'STORE_DAMAGED' | 'DATABASE_UNSUITABLE' | 'STORE_UNAVAILABLE', what: string]>
> = {
  XX001: ['STORE_DAMAGED', "The issuer's database is damaged."],
  XX002: ['STORE_DAMAGED', "The issuer's database is damaged."],
  '42501': [
    'DATABASE_UNSUITABLE',
    'The user of the database may not do what the issuer needs: see docs/postgres.md for its grants.',
  ],
  '3D000': ['DATABASE_UNSUITABLE', 'There is no database of that name.'],
  '28000': ['DATABASE_UNSUITABLE', 'The database does not let this user in.'],
  '28P01': [
    'DATABASE_UNSUITABLE',
    'The database refuses the password: say it in PGPASSWORD, or in a file of passwords (PGPASSFILE).',
  ],
  '53100': [
    'STORE_UNAVAILABLE',
    "The disk of the issuer's database is full: once there is space, it goes on by itself.",
  ],
  '25006': [
    'STORE_UNAVAILABLE',
    'The database only lets itself be read: it is a standby, or being maintained.',
  ],
};

/** What `pg` or the server said, as an IssuerError of a closed code. */
export function postgresFault(error: unknown): IssuerError {
  if (error instanceof IssuerError) return error;
  const [code, what] = FAULT_OF_STATE[codeOf(error)] ?? [
    'STORE_UNAVAILABLE',
    'The database of the issuer does not answer, or cannot do it at the moment.',
  ];
  return new IssuerError(code, what, { cause: error });
}
