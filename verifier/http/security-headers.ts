import type { RequestHandler } from 'express';
import helmet from 'helmet';

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
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    // A venue that goes back from its own certificate to plain loopback must not be locked out by its browsers.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
  return (request, response, next) => {
    // helmet sends none.
    response.setHeader('Permissions-Policy', 'camera=(self), microphone=(), geolocation=(), payment=()');
    // What is decided about a person is kept by nobody on the way; routes that may be kept say so.
    response.setHeader('Cache-Control', 'no-store');
    protect(request, response, next);
  };
}
