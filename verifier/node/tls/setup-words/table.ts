/** Devices that the page has steps for, in the order that it shows them. */
export const DEVICES = ['apple', 'android', 'chromebook', 'windows'] as const;
export type Device = (typeof DEVICES)[number];

/** What to do on a device: names of menus are the device's own in that language. */
export interface DeviceWords {
  readonly name: string;
  readonly install: readonly string[];
  readonly remove: string;
}

/**
 * The page that helps a device trust this node's local CA, in one language; ICU messages. `{name}` is the certificate's
 * name in a device's list, `{origin}` the node's address, `{local}` this page as the computer
 * itself sees it, `{until}` the day that the certificate ends.
 */
export interface SetupWords {
  readonly title: string;
  readonly purpose: string;
  readonly certificateName: string;
  readonly validUntil: string;
  readonly meaning: { readonly title: string; readonly points: readonly string[] };
  readonly check: {
    readonly title: string;
    readonly why: string;
    readonly fingerprint: string;
    readonly code: string;
  };
  readonly download: {
    readonly title: string;
    readonly apple: string;
    readonly others: string;
    readonly text: string;
  };
  readonly install: { readonly title: string; readonly devices: Readonly<Record<Device, DeviceWords>> };
  readonly remove: { readonly title: string; readonly why: string };
}
