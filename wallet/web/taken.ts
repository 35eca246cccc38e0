import { FormatError } from '../../credential/errors.ts';
import { isRequestUri } from '../../credential/authorization-request.ts';
import { isPicture } from '../../credential/picture.ts';
import { trimSpace } from '../../verifier/pipeline/input.ts';
import type { Given } from '../../verifier/web/parts/inputs.ts';
import type { PassPorts } from '../passes/pass-box.ts';
import type { PassInput } from '../passes/found-cards.ts';
import type { Route } from './routes.ts';

/** Where what somebody scanned, pasted, dropped or opened leads: a venue's question to its screen, all else to be added. */
export async function routeFor(
  given: Given | { readonly codes: readonly string[] },
  { readPicture }: Pick<PassPorts, 'readPicture'>,
): Promise<Route> {
  const input = 'file' in given ? await contentOf(given.file, readPicture) : given;
  const texts = 'text' in input ? [trimSpace(input.text)] : 'codes' in input ? input.codes : [];
  const code = texts.find(isRequestUri);
  return code === undefined ? { name: 'add', input } : { name: 'ask', code };
}

async function contentOf(file: File, readPicture: PassPorts['readPicture']): Promise<PassInput> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!isPicture(bytes)) return { file: bytes };
  try {
    return { codes: await readPicture(bytes) };
  } catch (error) {
    // Whoever adds it says why it cannot be read.
    if (error instanceof FormatError) return { file: bytes };
    throw error;
  }
}
