import {
  type CompareInput,
  type Comparison,
  compareContent,
} from '../checksums/compare-content.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import type { RequestGate } from './request-gate.ts';

/** An object and how to ask about it. */
export interface ComparedObject {
  readonly connection: S3Connection;
  readonly gate: RequestGate;
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  /** Bytes, of the file too. */
  readonly size: number;
  readonly signal: AbortSignal;
}

/**
 * Holds a file against an object of the same size, asking the server through its gate.
 * See {@link compareContent}.
 */
export function compareObject(
  object: ComparedObject,
  file: string,
  options: Partial<Pick<CompareInput, 'partSize' | 'onRead'>> = {},
): Promise<Comparison> {
  const { connection, gate, bucket, key, etag, size, signal } = object;
  return compareContent({
    file,
    size,
    etag,
    quirks: connection.quirks(),
    details: () =>
      gate.request(0, signal, () => connection.details({ bucket, key, signal })),
    layout: (partNumber) =>
      gate.request(0, signal, () =>
        connection.partLayout({ bucket, key, partNumber, signal }),
      ),
    partSize: options.partSize ?? null,
    // A match proves the bytes, by whichever parts.
    guess: true,
    onRead: options.onRead,
    signal,
  });
}
