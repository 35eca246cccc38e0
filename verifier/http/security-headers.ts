import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** The camera, and of what else a browser has for asking, nothing. */
const PERMISSIONS = [
  'camera=(self)',
  ...[
    ['microphone', 'geolocation', 'payment', 'usb', 'serial', 'hid', 'midi', 'display-capture'],
    ['browsing-topics', 'publickey-credentials-get', 'xr-spatial-tracking'],
  ]
    .flat()
    .map((feature) => `${feature}=()`),
].join(', ');

/**
 * What a page of ours may do: run its own scripts and the QR reader's wasm, show the camera, speak to this server and
 * to nobody else.
 */
export function securityHeaders(): RequestHandler {
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
        'connect-src': ["'self'"],
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
    response.setHeader('Permissions-Policy', PERMISSIONS);
    // What is decided about a person is kept by nobody on the way; routes that may be kept say so.
    response.setHeader('Cache-Control', 'no-store');
    protect(request, response, next);
  };
}
