import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A key and a certificate in PEM. */
interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

/**
 * Makes a self-signed certificate for tests of TLS, without openssl.
 *
 * @param names DNS names; `127.0.0.1` is always included
 * @param validity default: from yesterday until tomorrow
 */
export function selfSigned(
  names: readonly string[] = ['localhost', '*.localhost', '*.s3.localhost'],
  validity: { readonly from: Date; readonly to: Date } = {
    from: new Date(Date.now() - 86_400_000),
    to: new Date(Date.now() + 86_400_000),
  },
): KeyAndCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(objectId([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]));
  const commonName = sequence(objectId([0x55, 0x04, 0x03]), der(0x0c, 'Dipper test'));
  const name = sequence(der(0x31, commonName));
  const alternatives = sequence(
    ...names.map((dns) => der(0x82, dns)),
    der(0x87, Buffer.from([127, 0, 0, 1])),
  );
  const alternativeNames = sequence(
    objectId([0x55, 0x1d, 0x11]),
    der(0x04, alternatives),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    // The first bit clear: a positive number.
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    name,
    sequence(time(validity.from), time(validity.to)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(alternativeNames)),
  );
  const signature = sign('sha256', body, privateKey);
  const bits = der(0x03, Buffer.concat([Buffer.from([0]), signature]));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem(sequence(body, algorithm, bits)),
  };
}

/** A DER element: tag, length, content. */
function der(tag: number, content: Uint8Array | string): Buffer {
  const bytes = Buffer.from(content);
  const length =
    bytes.length < 0x80
      ? [bytes.length]
      : bytes.length < 0x100
        ? [0x81, bytes.length]
        : [0x82, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), bytes]);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function objectId(bytes: readonly number[]): Buffer {
  return der(0x06, Buffer.from(bytes));
}

function time(date: Date): Buffer {
  return der(0x18, `${date.toISOString().replace(/[-:T]|\.\d+Z/g, '')}Z`);
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
