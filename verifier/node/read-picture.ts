let reader: Promise<(picture: Uint8Array) => Promise<readonly string[]>> | undefined;

/**
 * The texts of all QR codes in a PNG or JPEG picture.
 *
 * The reader of QR codes loads when a picture comes, once: a card as text does not pay for it.
 *
 * @throws FormatError as `readQrCodes` does
 */
export async function readPicture(picture: Uint8Array): Promise<readonly string[]> {
  return (await (reader ??= loadReader()))(picture);
}

async function loadReader(): Promise<(picture: Uint8Array) => Promise<readonly string[]>> {
  const [{ readQrCodes }, { loadQrWasm }] = await Promise.all([
    import('../../credential/qr-reader.ts'),
    import('../../credential/qr-reader-node.ts'),
  ]);
  const wasm = await loadQrWasm();
  return (picture) => readQrCodes(picture, () => Promise.resolve(wasm));
}
