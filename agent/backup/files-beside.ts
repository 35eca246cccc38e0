/** Small files that may lie beside the store and belong to it, but for the envelope, which is in a backup's header. */
export const FILES_BESIDE: readonly string[] = ['audit-witness'];
