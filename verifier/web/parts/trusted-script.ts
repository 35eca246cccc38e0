/** Trusted Types (W3C), as far as used here; TypeScript's library does not know them. */
interface TrustedTypes {
  readonly createPolicy: (
    name: string,
    rules: { readonly createScriptURL: (address: string) => string },
  ) => { readonly createScriptURL: (address: string) => unknown };
}

/** Addresses of our own scripts. */
const OURS = /^\/(?:service-worker|assets\/[\w.-]+)\.js$/;

/** The one policy by which the browser runs scripts of ours: those of anyone else, there are none. */
const policy = (globalThis as { readonly trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy(
  'pratique',
  {
    createScriptURL: (address) => {
      const { origin, pathname } = new URL(address, location.href);
      if (origin !== location.origin || !OURS.test(pathname)) throw new TypeError('No script of this page.');
      return address;
    },
  },
);

/** The address of a script of this page, as its browser wants it. */
export function scriptAddress(address: string): string {
  // Where the browser knows Trusted Types it takes no text; TypeScript's Worker still wants one.
  return (policy?.createScriptURL(address) ?? address) as string;
}
