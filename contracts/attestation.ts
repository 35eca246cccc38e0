/**
 * What an accreditor has attested about an issuer, by the bit of `attestations`: the four criteria by which New York
 * let an issuer's cards into its scanner. Bits beyond are the accreditor's own.
 */
export const ATTESTATIONS = [
  'print-and-digital-access',
  'privacy-protection',
  'vaccine-policy',
  'completeness-policy',
] as const;

/** Names of the bits that are set; a bit without a name is `bit 7`. */
export function attestationNames(bits: number): string[] {
  const names: string[] = [];
  for (let bit = 0; bit < 32; bit++) {
    if ((bits >>> bit) & 1) names.push(ATTESTATIONS[bit] ?? `bit ${String(bit)}`);
  }
  return names;
}
