import { BUNDLE_FINDINGS, type BundleFinding } from '../../credential/bundle-finding.ts';

/** What an issuer should mend in its records, in lines; what may not be signed was refused before. */
export function renderFindings(findings: readonly BundleFinding[]): readonly string[] {
  if (findings.length === 0) return [];
  return [
    'What verifiers elsewhere may hold against the card:',
    ...findings.map(({ code, level, path }) => `  ${level} ${code} at ${path}: ${BUNDLE_FINDINGS[code][1]}`),
  ];
}
