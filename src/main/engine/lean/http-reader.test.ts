import { type IncomingMessage, request } from 'node:http';
import { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HttpReader, type ResponseHead, UnsupportedAnswer } from './http-reader.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What our reader makes of the pieces; `null`: not an answer and nothing else. */
function readOurs(pieces: readonly Buffer[], method = 'GET'): Answer | null {
  let head: ResponseHead | null = null;
  let ended = false;
  const body: Buffer[] = [];
  const reader = new HttpReader({
    head: (seen) => {
      head = seen;
    },
    body: (bytes) => body.push(Buffer.from(bytes)),
    end: () => {
      ended = true;
    },
  });
  reader.begin(method);
  for (const piece of pieces) {
    if (reader.feed(piece) < piece.length) return null;
  }
  if (!ended) ended = reader.finish();
  const seen = head as ResponseHead | null;
  if (seen === null || !ended) return null;
  const { status, headers } = seen;
  return {
    status,
    headers: { ...headers },
    body: Buffer.concat(body).toString('latin1'),
  };
}

/** What node:http makes of the same bytes; `null`: an error. */
async function readNodes(bytes: Buffer, method = 'GET'): Promise<Answer | null> {
  const wire = new Duplex({
    read() {
      // All is pushed below.
    },
    write(_chunk, _encoding, callback) {
      callback();
    },
  });
  const outgoing = request({ method, createConnection: () => wire });
  try {
    return await new Promise<Answer>((resolve, reject) => {
      outgoing.on('error', reject);
      wire.on('error', reject);
      outgoing.on('response', (incoming: IncomingMessage) => {
        const { statusCode = 0, headers } = incoming;
        buffer(incoming).then(
          (body) =>
            resolve({
              status: statusCode,
              headers: { ...(headers as Record<string, string>) },
              body: body.toString('latin1'),
            }),
          reject,
        );
      });
      outgoing.end();
      wire.push(bytes);
      wire.push(null);
    });
  } catch {
    return null;
  } finally {
    outgoing.destroy();
    wire.destroy();
  }
}

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const marks = at.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b);
  const pieces: Buffer[] = [];
  let from = 0;
  for (const mark of [...marks, bytes.length]) {
    if (mark > from) pieces.push(bytes.subarray(from, mark));
    from = mark;
  }
  return pieces;
}

/** A place in a text, from 0 up to 1, all as likely: doubles crowd around 0. */
const share = fc.nat(9_999).map((n) => n / 10_000);
const cuts = fc.array(share, { maxLength: 12 });
const header = fc
  .tuple(
    fc.constantFrom(
      'ETag',
      'x-amz-id-2',
      'Server',
      'X-Amz-Meta-A',
      'content-type',
      'Via',
    ),
    fc.stringMatching(/^[!-~]{0,12}(?: [!-~]{1,5})?$/),
    fc.constantFrom('', ' ', '\t '),
  )
  .map(([name, value, blank]) => `${name}:${blank}${value}${blank}`);
const content = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

type Framing = 'length' | 'chunked' | 'to-end' | 'none';

function compose(
  framing: Framing,
  status: number,
  headers: readonly string[],
  body: Buffer,
  continued: boolean,
): Buffer {
  const lines = [`HTTP/1.1 ${status} Some Reason`, ...headers];
  let payload = body;
  if (framing === 'length') lines.push(`Content-Length: ${body.length}`);
  else if (framing === 'chunked') {
    lines.push('Transfer-Encoding: chunked');
    const parts: (Buffer | string)[] = [];
    for (let at = 0; at < body.length; at += 37) {
      const chunk = body.subarray(at, at + 37);
      parts.push(`${chunk.length.toString(16)};name=value\r\n`, chunk, '\r\n');
    }
    parts.push('0\r\n', 'x-trailer: 1\r\n', '\r\n');
    payload = Buffer.concat(parts.map((part) => Buffer.from(part)));
  } else if (framing === 'none') {
    payload = Buffer.alloc(0);
    lines.push('Content-Length: 0');
  }
  const first = continued ? 'HTTP/1.1 100 Continue\r\n\r\n' : '';
  return Buffer.concat([Buffer.from(`${first}${lines.join('\r\n')}\r\n\r\n`), payload]);
}

const message = fc
  .tuple(
    fc.constantFrom<Framing>('length', 'chunked', 'to-end', 'none'),
    fc.constantFrom(200, 206, 301, 403, 404, 416, 500, 503),
    fc.array(header, { maxLength: 6 }),
    content,
    fc.boolean(),
  )
  .map((parts) => compose(...parts));

const text = (line: string) => [Buffer.from(`HTTP/1.1 ${line}\r\n\r\n`)];

describe('reading answers', () => {
  test('orderly answers, cut anywhere, are what node:http makes of them', async () => {
    await fc.assert(
      fc.asyncProperty(message, cuts, async (bytes, at) => {
        const ours = readOurs(cut(bytes, at));
        expect(ours).not.toBeNull();
        expect(ours).toEqual(await readNodes(bytes));
      }),
      { numRuns: 300 },
    );
  });

  test('spoilt answers are refused, or read as node:http reads them', async () => {
    const spoil = fc.array(fc.tuple(share, fc.nat(255)), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(message, cuts, spoil, async (bytes, at, changes) => {
        const spoilt = Buffer.from(bytes);
        for (const [part, value] of changes) {
          spoilt[Math.floor(part * spoilt.length)] = value;
        }
        let ours: Answer | null;
        try {
          ours = readOurs(cut(spoilt, at));
        } catch (error) {
          expect(error).toBeInstanceOf(UnsupportedAnswer);
          return;
        }
        if (ours !== null) expect(ours).toEqual(await readNodes(spoilt));
      }),
      { numRuns: 1_000 },
    );
  });

  test.each(['HTTP/1.0 100 Continue', 'HTTP/1.1 103 Early\r\nConnection: close'])(
    'nothing follows an announcement that ends the connection: %j',
    async (announcement) => {
      const bytes = Buffer.from(
        `${announcement}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n`,
      );
      expect(() => readOurs([bytes])).toThrow(UnsupportedAnswer);
      expect(await readNodes(bytes)).toBeNull();
    },
  );

  test('answers one after the other are read as each of them alone', () => {
    const framed = fc
      .tuple(
        fc.constantFrom<Framing>('length', 'chunked', 'none'),
        fc.constantFrom(200, 206, 404),
        fc.array(header, { maxLength: 4 }),
        content,
        fc.boolean(),
      )
      .map((parts) => compose(...parts));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(framed, cuts), { minLength: 2, maxLength: 6 }),
        (answers) => {
          const heads: ResponseHead[] = [];
          const reader = new HttpReader({
            head: (head) => heads.push(head),
            body() {},
            end() {},
          });
          for (const [bytes, at] of answers) {
            reader.begin('GET');
            for (const piece of cut(bytes, at)) reader.feed(piece);
            expect(reader.idle).toBe(true);
          }
          const alone = answers.map(([bytes]) => readOurs([bytes]));
          expect(
            heads.map(({ status, headers }) => ({ status, headers: { ...headers } })),
          ).toEqual(
            alone.map((each) => ({ status: each?.status, headers: each?.headers })),
          );
        },
      ),
    );
  });

  test('half an answer never ends', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Framing>('length', 'chunked'),
        content,
        cuts,
        share,
        (framing, body, at, part) => {
          const bytes = compose(framing, 200, [], body, false);
          const half = bytes.subarray(0, Math.floor(part * bytes.length));
          expect(readOurs(cut(half, at))).toBeNull();
        },
      ),
    );
  });

  test('answers without bodies', () => {
    expect(readOurs(text('204 No Content'))).toMatchObject({ status: 204, body: '' });
    expect(readOurs(text('304 Not Modified\r\nContent-Length: 9'))).toMatchObject({
      status: 304,
    });
    expect(readOurs(text('200 OK\r\nContent-Length: 9'), 'HEAD')).toMatchObject({
      body: '',
    });
  });

  test.each([
    ['a head without end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}`],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'],
    ['gzip as coding', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n'],
    [
      'length and chunks',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n',
    ],
    ['another protocol', 'HTTP/2 200\r\n\r\n'],
    ['a folded header', 'HTTP/1.1 200 OK\r\na: b\r\n c\r\n\r\n'],
  ])('%s goes to the SDK', (_what, bytes) => {
    expect(() => readOurs([Buffer.from(bytes)])).toThrow(UnsupportedAnswer);
  });

  test('what comes after an answer is not part of it', () => {
    const one = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
    const reader = new HttpReader({ head() {}, body() {}, end() {} });
    reader.begin('GET');
    expect(reader.feed(Buffer.from(`${one}more`))).toBe(one.length);
    expect(reader.idle).toBe(true);
  });
});
