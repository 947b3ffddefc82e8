import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { MIB } from '../../../shared/domain/part-plan.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { localError } from '../files/local-error.ts';
import type { SumName } from './choose.ts';
import { type CrcMaker, createCrcMaker, type RunningSum } from './crc.ts';

/** Bytes read at a time. */
const CHUNK_BYTES = MIB;

/** Options of {@link fileSums}. */
export interface FileSumsOptions {
  readonly path: string;
  readonly name: SumName | 'md5';
  /** Bytes a sum is over, or those of each part; `null`: one over all. */
  readonly partSize: number | readonly number[] | null;
  /** Hears of bytes read. */
  readonly onRead?: ((bytes: number) => void) | undefined;
  readonly signal: AbortSignal;
}

/**
 * The sums of a file's parts, one for each; of an empty file that of nothing. Throws
 * `local.*`, and `transfer.cancelled` once the signal aborts.
 */
export async function fileSums(options: FileSumsOptions): Promise<readonly Buffer[]> {
  const { path, name, onRead, signal } = options;
  const cut = options.partSize ?? Number.POSITIVE_INFINITY;
  const sizeOf = (part: number): number =>
    typeof cut === 'number' ? cut : (cut[part] ?? Number.POSITIVE_INFINITY);
  const crcs = createCrcMaker();
  const sums: Buffer[] = [];
  try {
    await using handle = await open(path, 'r');
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    let sum = startSum(name, crcs);
    let inPart = 0;
    for (;;) {
      if (signal.aborted) throw new AppError('transfer.cancelled');
      const partSize = sizeOf(sums.length);
      const wanted = Math.min(buffer.length, partSize - inPart);
      const { bytesRead } = await handle.read(buffer, 0, wanted, null);
      if (bytesRead === 0) break;
      sum.update(buffer.subarray(0, bytesRead));
      onRead?.(bytesRead);
      inPart += bytesRead;
      if (inPart < partSize) continue;
      sums.push(sum.digest());
      sum = startSum(name, crcs);
      inPart = 0;
    }
    if (inPart > 0 || sums.length === 0) sums.push(sum.digest());
  } catch (error) {
    throw localError(error, path);
  }
  return sums;
}

/** The sum over the sums of parts, as S3 states it: base64, the number behind it. */
export function compositeSum(name: SumName, sums: readonly Buffer[]): string {
  const total = startSum(name, createCrcMaker());
  for (const sum of sums) total.update(sum);
  return `${total.digest().toString('base64')}-${sums.length}`;
}

/** A sum without any bytes yet, of those that Node or `crcs` knows. */
export function startSum(name: SumName | 'md5', crcs: CrcMaker): RunningSum {
  if (name === 'crc32' || name === 'crc32c' || name === 'crc64nvme') {
    return crcs.start(name);
  }
  const hash = createHash(name);
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}
