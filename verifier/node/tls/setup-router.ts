import { Router } from 'express';
import type { Request, Response } from 'express';
import { languageFor } from '../../pipeline/words.ts';
import { lookUp } from '../../pipeline/words/language.ts';
import type { Language } from '../../pipeline/words/language.ts';
import { appleProfile } from './apple-profile.ts';
import type { LocalCa } from './local-ca.ts';
import { setupPage } from './setup-page.ts';
import { SETUP_STYLE } from './setup-style.ts';

/** Nothing but this page's own style; no script, no frame, no form. */
const POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * `/setup` with the CA's certificate to download; for `app.use`. Devices ask for it before they trust anything here, so
 * that it may as well be served without TLS.
 *
 * @param ca what is held now; asked for each time, since it may be renewed
 * @param origin where devices reach the node, once it listens; never taken from a request, whose Host anyone can choose
 */
export function setupRouter(ca: () => Pick<LocalCa, 'certificate'>, origin: () => string): Router {
  const router = Router();
  router.use('/setup', (_request, response, next) => {
    response.set({
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    });
    next();
  });
  router.get('/setup', (request, response) => {
    const language = languageAskedBy(request);
    response.set({ 'Content-Language': language, Vary: 'Accept-Language' });
    send(response, 'text/html; charset=utf-8', setupPage(ca().certificate, origin(), language));
  });
  router.get('/setup/setup.css', (_request, response) => {
    send(response, 'text/css; charset=utf-8', SETUP_STYLE);
  });
  // Not as attachments: iPhones offer to install what is shown, and put what is attached among the files.
  router.get('/setup/ca.crt', (_request, response) => {
    response.set('Content-Disposition', 'inline; filename="pratique-ca.crt"');
    send(response, 'application/x-x509-ca-cert', Buffer.from(ca().certificate.der));
  });
  router.get('/setup/ca.pem', (_request, response) => {
    response.set('Content-Disposition', 'inline; filename="pratique-ca.pem"');
    send(response, 'application/x-x509-ca-cert', Buffer.from(ca().certificate.pem));
  });
  router.get('/setup/ca.mobileconfig', (_request, response) => {
    response.set('Content-Disposition', 'inline; filename="pratique-ca.mobileconfig"');
    send(response, 'application/x-apple-aspen-config', Buffer.from(appleProfile(ca().certificate)));
  });
  return router;
}

/** As chosen on the page, else as the device's settings say. */
function languageAskedBy(request: Request): Language {
  // The node reads no query anywhere else: it has its parser off.
  const lang = URL.parse(request.originalUrl, 'http://host')?.searchParams.get('lang');
  return (typeof lang === 'string' ? lookUp(lang) : undefined) ?? languageFor(request.get('accept-language'));
}

function send(response: Response, type: string, body: string | Buffer): void {
  response.set('Content-Type', type).send(body);
}
