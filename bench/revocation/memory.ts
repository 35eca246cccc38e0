/** Bytes that live on the heap and beside it, once what is not needed is gone; needs --expose-gc. */
export function bytesInMemory(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
