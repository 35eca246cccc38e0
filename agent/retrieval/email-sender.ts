import { createTransport } from 'nodemailer';
import { IssuerError } from '../issuer-error.ts';
import type { CodeSender } from './code-sender.ts';

/** An SMTP server that takes mail for us. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** The address that messages come from. */
  readonly from: string;
  readonly user?: { readonly name: string; readonly password: string };
  /** `starttls` (RFC 3207) unless said: without TLS a code can be read, and changed, on its way. */
  readonly security?: 'starttls' | 'tls' | 'none-on-this-machine';
  /** PEM of a certification authority of one's own. */
  readonly ca?: string;
}

/** Connecting, the greeting and silence, in ms each. */
const TIMEOUT_MS = 10_000;
/** A whole message. */
const MESSAGE_MS = 30_000;
const LOCAL = /^(?:localhost|127\.0\.0\.1|::1)$/;
const ADDRESS = /^[^\s@<>(),;:"\\[\]]{1,64}@[^\s@<>(),;:"\\[\]]{1,253}$/;

/**
 * Sends by SMTP. IssuerError SENDER_INVALID if the connection would not be protected on the way to another machine, or
 * the own address is none.
 */
export function emailSender(server: SmtpServer): CodeSender {
  const { host, port, from, user, security = 'starttls', ca } = server;
  if (!ADDRESS.test(from) || (security === 'none-on-this-machine' && !LOCAL.test(host))) {
    throw new IssuerError('SENDER_INVALID', 'The mail server needs TLS, and an address to send from.');
  }
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none-on-this-machine',
    ...(user === undefined ? {} : { auth: { user: user.name, pass: user.password } }),
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // No text of ours names a file or an address to include; should one ever, it must not be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const [, domain] = from.split('@');
  return {
    kind: 'email',
    send: async ({ to, subject, text, key }, signal) => {
      if (!ADDRESS.test(to)) throw new IssuerError('MESSAGE_REFUSED', 'This is no address for mail.');
      const late = AbortSignal.any([signal, AbortSignal.timeout(MESSAGE_MS)]);
      try {
        // A server that says a word now and then is never silent for long.
        await beforeAbort(
          late,
          transport.sendMail({
            // As objects, so that nothing in an address is read as a second one.
            from: { name: '', address: from },
            to: { name: '', address: to },
            subject,
            text,
            messageId: `<${key}@${domain}>`,
            // RFC 3834 §5: no holiday notes in answer.
            headers: { 'Auto-Submitted': 'auto-generated' },
          }),
        );
      } catch (error) {
        throw isPermanent(error)
          ? new IssuerError('MESSAGE_REFUSED', 'The mail server does not take mail for this address.')
          : new IssuerError('MESSAGE_NOT_SENT', 'The mail server did not take the message.');
      }
    },
  };
}

async function beforeAbort<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const over = (): void => {
    reject(new IssuerError('MESSAGE_NOT_SENT', 'The mail server took too long.'));
  };
  signal.addEventListener('abort', over, { once: true });
  if (signal.aborted) over();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', over);
  }
}

/** RFC 5321 §4.2.1: 5yz is a permanent failure. Only of the recipient: a login refused will be put right. */
function isPermanent(error: unknown): boolean {
  const { responseCode, command } = error as { responseCode?: number; command?: string };
  return (
    responseCode !== undefined &&
    responseCode >= 500 &&
    command !== undefined &&
    /^(?:RCPT TO|DATA)$/.test(command)
  );
}
