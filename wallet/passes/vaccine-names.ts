/** CVX codes (CDC) of vaccines against COVID-19 by the names on their boxes, which are alike in every language. */
const NAMES: Readonly<Record<string, string>> = {
  '207': 'Spikevax (Moderna)',
  '208': 'Comirnaty (Pfizer-BioNTech)',
  '210': 'Vaxzevria (AstraZeneca)',
  '211': 'Nuvaxovid (Novavax)',
  '212': 'Jcovden (Janssen)',
  '217': 'Comirnaty (Pfizer-BioNTech)',
  '218': 'Comirnaty (Pfizer-BioNTech)',
  '219': 'Comirnaty (Pfizer-BioNTech)',
  '221': 'Spikevax (Moderna)',
  '227': 'Spikevax (Moderna)',
  '228': 'Spikevax (Moderna)',
  '229': 'Spikevax (Moderna)',
  '230': 'Spikevax (Moderna)',
  '300': 'Comirnaty (Pfizer-BioNTech)',
  '301': 'Comirnaty (Pfizer-BioNTech)',
  '302': 'Comirnaty (Pfizer-BioNTech)',
};

/** The name of the vaccine with one of those CVX codes; undefined if none is known here. */
export function vaccineName(cvx: readonly string[]): string | undefined {
  return cvx.map((code) => NAMES[code]).find((name) => name !== undefined);
}
