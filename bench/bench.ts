// npm run bench -- <name> [--full]: one benchmark, whose last line is one line of JSON with its figures.

const [name = '', ...flags] = process.argv.slice(2);
/** The real sizes, however long they take. */
const full = flags.includes('--full');

const BENCHES = {
  verify: async () => (await import('./verify.ts')).benchVerify(),
  sync: async () => (await import('./sync.ts')).benchSync(),
  revocation: async () => (await import('./revocation.ts')).benchRevocation(),
  issue: async () => (await import('./issue.ts')).benchIssue({ full }),
  http: async () => (await import('./http.ts')).benchHttp({ full }),
  'http-issue': async () => (await import('./http-issue.ts')).benchHttpIssue({ full }),
} as const satisfies Record<string, () => Promise<object>>;

if (!Object.hasOwn(BENCHES, name)) {
  console.error(`There is no benchmark "${name}"; there are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(64);
}
console.log(JSON.stringify(await BENCHES[name as keyof typeof BENCHES]()));
