import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { SMTPServer } from 'smtp-server';

import { localhostCertificate } from '../../support/localhost-certificate.ts';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly secure: boolean;
  readonly source: string;
}

export interface MailServer {
  readonly port: number;
  /** PEM of the certificate. */
  readonly ca: string;
  readonly received: ReceivedMail[];
}

/** A real SMTP server; `refuse` answers for a recipient with an SMTP code, `tls` false offers no STARTTLS. */
export async function mailServer(
  t: TestContext,
  {
    tls = true,
    refuse = () => undefined,
  }: { tls?: boolean; refuse?: (to: string) => number | undefined } = {},
): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const { key, cert } = localhostCertificate();
  const server = new SMTPServer({
    key,
    cert,
    authOptional: true,
    disabledCommands: tls ? [] : ['STARTTLS', 'AUTH'],
    onAuth: ({ username, password }, _, done) => {
      if (username === 'issuer' && password === 'secret of tests') done(null, { user: username });
      else done(new Error('no'));
    },
    onRcptTo: ({ address }, _, done) => {
      const responseCode = refuse(address);
      done(responseCode === undefined ? null : Object.assign(new Error('no'), { responseCode }));
    },
    onData: (stream, { envelope, secure }, done) => {
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const source = Buffer.concat(parts).toString('utf8');
        received.push({ from, to: envelope.rcptTo.map(({ address }) => address), secure, source });
        done();
      });
    },
  });
  // Clients that trust no certificate of ours are what some tests are about.
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  t.after(() => {
    server.close();
  });
  return { port: (server.server.address() as AddressInfo).port, ca: cert, received };
}
