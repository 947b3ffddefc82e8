/**
 * An answer that refuses, as the server gave it: the raw material of the error mapping.
 * Made by our own middleware instead of the SDK, whose error classes drop headers, trip
 * over HTML and leave Ceph's empty messages as `UnknownError`.
 */
export class ServiceFailure extends Error {
  /** The server's code, such as `NoSuchKey`; empty when the body named none. */
  readonly service: string;
  readonly status: number;
  /** The server's message; often empty. */
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  /** First-level elements of the error document, such as `Region` or `Endpoint`. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(status: number, headers: Readonly<Record<string, string>>, body: string) {
    const fields = readErrorFields(body);
    super(fields['Code'] ?? `HTTP ${status}`);
    this.name = 'ServiceFailure';
    this.status = status;
    this.headers = headers;
    this.fields = fields;
    this.service = fields['Code'] ?? '';
    this.text = fields['Message'] ?? '';
  }
}

/**
 * What a refusal comes to whose document was read as far as `broken`, an error or `null`,
 * let it. A status from 500 on, or 429, says enough by itself; a 403 that lost its code
 * may have been about the clock, the keys or the object: then what broke it is the news.
 */
export function refusalOf(
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string,
  broken: unknown,
): unknown {
  const failure = new ServiceFailure(status, headers, text);
  const enough = status >= 500 || status === 429 || failure.service !== '';
  return broken === null || enough ? failure : broken;
}

/**
 * The leaf elements of an S3 `<Error>` document, in any namespace. Anything else, such as
 * a proxy's HTML page or JSON, has none.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function readErrorFields(body: string): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  const root = /<(?:\w+:)?Error(?:\s[^>]*)?>/.exec(body);
  if (root === null) return fields;
  const inner = body.slice(root.index + root[0].length);
  for (const match of inner.matchAll(/<(?:\w+:)?(\w+)(?:\s[^>]*)?>([^<]*)<\//g)) {
    const [, name, value] = match;
    if (name !== undefined && !(name in fields)) {
      fields[name] = decodeEntities(value ?? '').trim();
    }
  }
  return fields;
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex, decimal, name) => {
      const point = hex
        ? Number.parseInt(hex, 16)
        : decimal
          ? Number(decimal)
          : undefined;
      if (point !== undefined) {
        return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
      }
      return ENTITIES[name as string] ?? whole;
    },
  );
}
