import type { KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Clients } from './clients.ts';
import { callerOf } from './clients.ts';
import type { Caller, Scope } from './scope.ts';

/** SMART Backend Services: no more than five minutes. */
export const TOKEN_SECONDS = 300;
/** Neither an assertion nor a card is taken for one: RFC 9068 section 2.1, and an audience of its own. */
const TYPE = 'at+jwt';

/** Makes and reads the access tokens of a service; any of its processes with the same key reads those of the others. */
export interface AccessTokens {
  /** @param now Unix seconds */
  readonly make: (client: string, scopes: readonly Scope[], now: number) => Promise<string>;
  /** Who holds a token that is good; undefined of every other, and of a client that was disabled since. */
  readonly read: (token: string, now: number) => Promise<Caller | undefined>;
}

/** Access tokens of an issuer, authenticated by its key (HS256, 256 bits). */
export function accessTokens(key: KeyObject, iss: string, clients: Clients): AccessTokens {
  const audience = `${iss}#service`;
  return {
    make: async (client, scopes, now) =>
      new SignJWT({ scope: scopes.join(' ') })
        .setProtectedHeader({ alg: 'HS256', typ: TYPE })
        .setIssuer(iss)
        .setAudience(audience)
        .setSubject(client)
        .setIssuedAt(Math.floor(now))
        .setExpirationTime(Math.floor(now) + TOKEN_SECONDS)
        .sign(key),
    async read(token, now) {
      try {
        const { payload } = await jwtVerify<{ readonly scope: string }>(token, key, {
          algorithms: ['HS256'],
          typ: TYPE,
          issuer: iss,
          audience,
          requiredClaims: ['sub', 'exp', 'scope'],
          currentDate: new Date(now * 1000),
        });
        const client = clients.get(payload.sub ?? '');
        if (client === undefined) return undefined;
        const caller = callerOf(client);
        const asked = new Set(payload.scope.split(' '));
        return { client: client.id, scopes: new Set([...caller.scopes].filter((scope) => asked.has(scope))) };
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}
