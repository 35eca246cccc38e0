import type { NewKey } from '../../contracts/registry-terms.ts';
import { decodeBase64url } from '../../credential/base64url.ts';
import { thumbprint } from '../../credential/jwk.ts';
import type { BurnKeyOptions, RegisterKeyOptions } from './commands/key.ts';
import { issuerNumber, withSender } from './connect.ts';
import { printSigned, signInto } from './instruction.ts';
import type { Revocation, WriteOptions } from './options.ts';
import { printWritten } from './print.ts';

/** `pratique registry key register`: now, or signed for somebody else to send. */
export async function registerKey(issuer: string, options: RegisterKeyOptions): Promise<void> {
  const { x, y, from, until, revocation, instruction, deadline, after } = options;
  const signature = decodeBase64url(options.signature);
  const terms = { x, y, validFrom: from, validUntil: until, revocation, signature };
  if (instruction !== undefined) {
    const signing = { instruction, after, ...(deadline === undefined ? {} : { deadline }) };
    const signed = await withSender(options, async (client) => {
      const key: NewKey = { ...terms, issuerId: await issuerNumber(client, issuer) };
      return signInto(client, { instruction: 'register-key', terms: key }, signing);
    });
    printSigned(`Registration of key ${thumbprint({ x, y })}`, { file: instruction, signed }, options);
    return;
  }
  const written = await withSender(options, async (client) => {
    const issuerId = await issuerNumber(client, issuer);
    return { ...(await client.registerKey({ ...terms, issuerId })), issuerId };
  });
  printWritten(`Key ${written.kid} is registered for issuer ${written.issuerId}`, written, options);
}

/** `pratique registry key revocation`. */
export async function setKeyRevocation(
  { issuer, kid, method }: { readonly issuer: string; readonly kid: string; readonly method: Revocation },
  options: WriteOptions,
): Promise<void> {
  const written = await withSender(options, async (client) =>
    client.setKeyRevocation(await issuerNumber(client, issuer), kid, method),
  );
  printWritten(`Cards of key ${kid} can be revoked by ${method}`, written, options);
}

/** `pratique registry key retire` and `compromise`. */
export async function endKey(
  how: 'retireKey' | 'compromiseKey',
  issuer: string,
  kid: string,
  options: WriteOptions,
): Promise<void> {
  const written = await withSender(options, async (client) =>
    client[how](await issuerNumber(client, issuer), kid),
  );
  const sentence = how === 'retireKey' ? 'is retired' : 'is reported stolen; none of its cards is good';
  printWritten(`Key ${kid} ${sentence}`, written, options);
}

/** `pratique registry key burn`. */
export async function burnKey(issuer: string, options: BurnKeyOptions): Promise<void> {
  const { x, y } = options;
  const signature = decodeBase64url(options.signature);
  const written = await withSender(options, async (client) =>
    client.burnKey({ issuerId: await issuerNumber(client, issuer), x, y, signature }),
  );
  printWritten(
    `Key ${thumbprint({ x, y })} is burned; none of its cards is good, whoever issued it`,
    written,
    options,
  );
}
