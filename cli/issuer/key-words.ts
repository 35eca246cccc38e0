/** What to do about keys that the registry has of this issuer and its folder does not, in lines. */
export function strangerLines(kids: readonly string[]): readonly string[] {
  if (kids.length === 0) return [];
  return [
    ...kids.map((kid) => `Key ${kid} stands in the registry, and this folder does not have it.`),
    '  If it was made after the backup, it is lost, and nobody can revoke its cards any more: retire it by',
    '  `pratique registry key retire`, and issue its cards anew. If nobody here made it, report it stolen.',
  ];
}
