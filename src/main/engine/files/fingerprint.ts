import { stat } from 'node:fs/promises';
import { AppError } from '../../../shared/errors/app-error.ts';
import { localError } from './local-error.ts';

/** What tells that a file is still the one we began with. */
export interface Fingerprint {
  /** Bytes. */
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly mtimeNs: bigint;
}

/** Looks at a file now. Throws `local.*`; a folder or device is `local.io`. */
export async function fingerprint(path: string): Promise<Fingerprint> {
  try {
    const stats = await stat(path, { bigint: true });
    if (!stats.isFile()) {
      throw new AppError('local.io', { params: { path, reason: 'not a file' } });
    }
    return { size: Number(stats.size), mtimeNs: stats.mtimeNs };
  } catch (error) {
    throw localError(error, path);
  }
}

/** Whether both looks saw the same content, as far as one can tell without reading it. */
export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs;
}

/** ms since 1970. */
export function modifiedMs(print: Fingerprint): number {
  return Number(print.mtimeNs / 1_000_000n);
}
