/** What became of one call: a value, or why the vault refused. */
export interface Said {
  readonly value?: unknown;
  readonly code?: string;
}

/** The vault as the page of this test offers it. */
export interface VaultPage {
  readonly create: (pin: string, atFullCost: boolean) => Promise<Said>;
  readonly unlock: (pin: string) => Promise<Said>;
  readonly unlockWithPasskey: () => Promise<Said>;
  readonly addPasskey: (pin: string) => Promise<Said>;
  readonly put: (name: string, value: unknown) => Promise<Said>;
  readonly get: (name: string) => Promise<Said>;
  readonly state: () => Promise<Said>;
  readonly did: () => Promise<Said>;
  readonly backup: (passphrase: string) => Promise<Said>;
  readonly restore: (file: string, passphrase: string, pin: string) => Promise<Said>;
  readonly erase: () => Promise<Said>;
}
