import { describe, expect, it } from 'vitest';
import { unsignedChunks } from '../testing/chunk-body.ts';
import { decodeChunked } from './chunked.ts';
import { type ChunkSigner, signingKey } from './sigv4.ts';

const SCOPE = { date: '20130524', region: 'us-east-1', service: 's3' };
const SIGNER: ChunkSigner = {
  key: signingKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', SCOPE),
  amzDate: '20130524T000000Z',
  scope: SCOPE,
};

// 66,560 letters "a" in chunks of 64 KiB and 1 KiB: the example of "Transferring Payload
// in Multiple Chunks", Amazon S3 API reference, and of the page with trailing headers.
const DATA = [Buffer.alloc(65_536, 'a'), Buffer.alloc(1024, 'a')];
const PLAIN = {
  seed: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  chunks: [
    'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
    '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
    'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
  ],
};
const WITH_TRAILER = {
  seed: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
  chunks: [
    'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
    '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
    '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
  ],
  trailer: 'd81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435',
};

function publishedBody(signatures: readonly string[], tail: string): Buffer {
  const parts = [...DATA, Buffer.alloc(0)].flatMap((chunk, index) => [
    Buffer.from(`${chunk.length.toString(16)};chunk-signature=${signatures[index]}\r\n`),
    chunk,
    Buffer.from(chunk.length > 0 ? '\r\n' : ''),
  ]);
  return Buffer.concat([...parts, Buffer.from(tail)]);
}

/** Cuts bytes into pieces, as a network would. */
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function decode(
  body: Buffer,
  options: { seed?: string; trailers: boolean; pieces?: number },
): Promise<{ data: Buffer; trailers: Record<string, string> }> {
  const trailers = new Map<string, string>();
  const out: Buffer[] = [];
  const signing =
    options.seed === undefined
      ? undefined
      : { signer: SIGNER, seedSignature: options.seed };
  const source = inPieces(body, options.pieces ?? 10_000);
  const chunks = decodeChunked(source, { signing, trailers: options.trailers }, trailers);
  for await (const chunk of chunks) out.push(chunk);
  return { data: Buffer.concat(out), trailers: Object.fromEntries(trailers) };
}

describe('decodeChunked', () => {
  it.each([1, 7, 1000, 1_000_000])(
    "takes AWS's published signed body in pieces of %i bytes",
    async (pieces) => {
      const body = publishedBody(PLAIN.chunks, '\r\n');
      const { data } = await decode(body, { seed: PLAIN.seed, trailers: false, pieces });
      expect(data.equals(Buffer.concat(DATA))).toBe(true);
    },
  );

  it("takes AWS's published signed trailer", async () => {
    const tail = `x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:${WITH_TRAILER.trailer}\r\n\r\n`;
    const body = publishedBody(WITH_TRAILER.chunks, tail);
    const { trailers } = await decode(body, { seed: WITH_TRAILER.seed, trailers: true });
    expect(trailers).toEqual({ 'x-amz-checksum-crc32c': 'sOO8/Q==' });
  });

  it('refuses a changed byte, a changed trailer and a missing trailer signature', async () => {
    const changed = publishedBody(PLAIN.chunks, '\r\n');
    changed[5000] = 0x62;
    const wrongTrailer = publishedBody(
      WITH_TRAILER.chunks,
      `x-amz-checksum-crc32c:AAAAAA==\r\nx-amz-trailer-signature:${WITH_TRAILER.trailer}\r\n\r\n`,
    );
    const noSignature = publishedBody(
      WITH_TRAILER.chunks,
      'x-amz-checksum-crc32c:sOO8/Q==\r\n\r\n',
    );
    const refusal = { code: 'SignatureDoesNotMatch' };
    await expect(
      decode(changed, { seed: PLAIN.seed, trailers: false }),
    ).rejects.toMatchObject(refusal);
    for (const body of [wrongTrailer, noSignature]) {
      await expect(
        decode(body, { seed: WITH_TRAILER.seed, trailers: true }),
      ).rejects.toMatchObject(refusal);
    }
  });

  it('takes an unsigned body with trailers', async () => {
    const body = unsignedChunks([Buffer.alloc(9000, 1), Buffer.from('end')], {
      'x-amz-checksum-crc32': 'AAAAAA==',
    });
    const { data, trailers } = await decode(body, { trailers: true, pieces: 3 });
    expect([data.length, trailers]).toEqual([
      9003,
      { 'x-amz-checksum-crc32': 'AAAAAA==' },
    ]);
  });

  it.each([
    [
      'a small chunk that is not the last',
      '3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n',
      'InvalidChunkSizeError',
    ],
    ['an end before the last chunk', '3\r\nabc\r\n', 'IncompleteBody'],
    ['an end within a chunk', 'ff\r\nabc', 'IncompleteBody'],
    ['a chunk longer than it says', '2\r\nabc\r\n0\r\n\r\n', 'InvalidRequest'],
    ['a header that is no number', 'xyz\r\nabc\r\n', 'InvalidRequest'],
    [
      'a signature where none was announced',
      '0;chunk-signature=00\r\n\r\n',
      'InvalidRequest',
    ],
    ['bytes after the end', '0\r\n\r\nmore', 'InvalidRequest'],
    ['a trailer without a colon', '0\r\nnonsense\r\n\r\n', 'MalformedTrailerError'],
    ['an endless line', 'a'.repeat(20_000), 'InvalidRequest'],
  ])('refuses %s', async (_name, body, code) => {
    await expect(decode(Buffer.from(body), { trailers: true })).rejects.toMatchObject({
      code,
    });
  });
});
