/** Bytes of a slab: Node encrypts a whole write in memory, so no more than this at once. */
export const SLAB_BYTES = 256 * 1024;

/** Buffers of {@link SLAB_BYTES} that are used again. */
export interface SlabPool {
  take(): Buffer;
  /** Gives one back. Only who is sure that nothing reads or writes it any more may. */
  give(slab: Buffer): void;
}

/** A pool that keeps at most `keep` unused slabs. */
export function createSlabPool(keep: number): SlabPool {
  const free: Buffer[] = [];
  return {
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES),
    give(slab) {
      if (free.length < keep) free.push(slab);
    },
  };
}
