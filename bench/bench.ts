// npm run bench -- <name>: one benchmark, whose last line is one line of JSON with its figures.

const BENCHES = {
  verify: async () => (await import('./verify.ts')).benchVerify(),
  sync: async () => (await import('./sync.ts')).benchSync(),
  revocation: async () => (await import('./revocation.ts')).benchRevocation(),
} as const satisfies Record<string, () => Promise<object>>;

const [name = ''] = process.argv.slice(2);
if (!Object.hasOwn(BENCHES, name)) {
  console.error(`There is no benchmark "${name}"; there are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(64);
}
console.log(JSON.stringify(await BENCHES[name as keyof typeof BENCHES]()));
