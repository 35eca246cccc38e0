const SVG = 'http://www.w3.org/2000/svg';

/** A QR code as the outline of its dark modules in a square of so many, the light around it included. */
export interface CodeOutline {
  readonly size: number;
  readonly path: string;
}

/** The picture of a QR code, black on white whatever the page's colours are; with a name for whoever does not see it. */
export function codePicture({ size, path }: CodeOutline, name: string): SVGSVGElement {
  const picture = part('svg', {
    class: 'code-picture',
    viewBox: `0 0 ${size} ${size}`,
    role: 'img',
    'aria-label': name,
    'shape-rendering': 'crispEdges',
  });
  picture.append(
    part('path', { d: `M0 0h${size}v${size}H0z`, fill: '#fff' }),
    part('path', { d: path, fill: '#000' }),
  );
  return picture;
}

function part<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>>,
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
