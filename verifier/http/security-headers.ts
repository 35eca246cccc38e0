import type { Request, RequestHandler } from 'express';
import helmet from 'helmet';

/** What a page may ask of a browser besides running: every one that is named here is refused unless a page needs it. */
const FEATURES = [
  'camera',
  'microphone',
  'geolocation',
  'payment',
  'usb',
  'serial',
  'hid',
  'midi',
  'display-capture',
  'fullscreen',
  'screen-wake-lock',
  'browsing-topics',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'xr-spatial-tracking',
] as const;

/** What the pages of a server need, beyond their own scripts and their own server. */
export interface PageNeeds {
  readonly features: readonly (typeof FEATURES)[number][];
  /** Whom they may speak to besides their own server, as CSP writes it; nobody unless said. */
  readonly connects?: (request: Pick<Request, 'protocol' | 'headers'>) => readonly string[];
}

/**
 * What a page of ours may do: run its own scripts and the QR reader's wasm, use what it needs, speak to this server and
 * to nobody else unless it has to.
 */
export function securityHeaders({ features, connects }: PageNeeds): RequestHandler {
  const allowed: ReadonlySet<string> = new Set(features);
  const permissions = FEATURES.map((name) => `${name}=(${allowed.has(name) ? 'self' : ''})`).join(', ');
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'", "'wasm-unsafe-eval'"],
        'worker-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'media-src': ["'self'", 'blob:'],
        'font-src': ["'self'"],
        'connect-src':
          connects === undefined
            ? ["'self'"]
            : ["'self'", (request) => connects(request as Request).join(' ')],
        'manifest-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
        // What the browser would run must come from the one policy that our pages make, which lets through names of our
        // own files only; text of a card becomes neither markup nor a script's address.
        'require-trusted-types-for': ["'script'"],
        'trusted-types': ['pratique'],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    // A venue that goes back from its own certificate to plain loopback must not be locked out by its browsers.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
  return (request, response, next) => {
    // helmet sends none.
    response.setHeader('Permissions-Policy', permissions);
    // What is decided about a person is kept by nobody on the way; routes that may be kept say so.
    response.setHeader('Cache-Control', 'no-store');
    protect(request, response, next);
  };
}
