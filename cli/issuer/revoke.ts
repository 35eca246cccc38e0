import { report, withIssuer, type IssuerOptions } from './session.ts';

export async function runRevoke(id: string, options: IssuerOptions): Promise<void> {
  await withIssuer(options, async (issuer) => {
    const revocation = await issuer.revoke(id);
    const { rid, revokedAt, already } = revocation;
    report(options, revocation, [
      already
        ? `Card ${rid} was revoked on ${new Date(revokedAt * 1000).toISOString()} already.`
        : `Card ${rid} is revoked.`,
      '  next     `pratique issuer anchor`, so that venues learn of it',
    ]);
  });
}
