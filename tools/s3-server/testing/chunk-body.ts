import {
  type ChunkSigner,
  chunkSignature,
  sha256Hex,
  trailerSignature,
} from '../auth/sigv4.ts';

/** Frames data as an unsigned aws-chunked body, with trailing headers. */
export function unsignedChunks(
  chunks: readonly Buffer[],
  trailers: Readonly<Record<string, string>>,
): Buffer {
  const parts = chunks.flatMap((chunk) => [
    Buffer.from(`${chunk.length.toString(16)}\r\n`),
    chunk,
    Buffer.from('\r\n'),
  ]);
  const lines = Object.entries(trailers).map(([name, value]) => `${name}:${value}\r\n`);
  return Buffer.concat([...parts, Buffer.from(`0\r\n${lines.join('')}\r\n`)]);
}

/** Frames data as a signed aws-chunked body, with trailing headers if given. */
export function signedChunks(
  chunks: readonly Buffer[],
  signer: ChunkSigner,
  seedSignature: string,
  trailers?: Readonly<Record<string, string>>,
): Buffer {
  const parts: Buffer[] = [];
  let previous = seedSignature;
  for (const chunk of [...chunks, Buffer.alloc(0)]) {
    previous = chunkSignature(signer, previous, sha256Hex(chunk));
    parts.push(
      Buffer.from(`${chunk.length.toString(16)};chunk-signature=${previous}\r\n`),
      chunk,
    );
    if (chunk.length > 0) parts.push(Buffer.from('\r\n'));
  }
  if (trailers) {
    const entries = Object.entries(trailers);
    const canonical = entries.map(([name, value]) => `${name}:${value}\n`).join('');
    const signature = trailerSignature(signer, previous, canonical);
    const lines = entries.map(([name, value]) => `${name}:${value}\r\n`).join('');
    parts.push(Buffer.from(`${lines}x-amz-trailer-signature:${signature}\r\n`));
  }
  return Buffer.concat([...parts, Buffer.from('\r\n')]);
}
