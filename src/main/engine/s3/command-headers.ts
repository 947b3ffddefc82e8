import { createHash } from 'node:crypto';

/** A command as far as its middleware goes. */
interface CommandWithStack {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: never) => Promise<never>,
      ) => (args: { request?: unknown }) => Promise<never>,
      options: {
        readonly step: 'build';
        readonly priority: 'low';
        readonly name: string;
        readonly override: true;
      },
    ): void;
  };
}

/**
 * Adds a header to a command's request before it is signed. `null` adds nothing. Returns
 * the command.
 */
export function withHeader<C>(command: C, name: string, value: string | null): C {
  if (value === null) return command;
  (command as unknown as CommandWithStack).middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      // The client's own choice, such as an unsigned payload, came first and stays.
      headers[name] ??= value;
      return next(args as never);
    },
    { step: 'build', priority: 'low', name: `dipperHeader-${name}`, override: true },
  );
  return command;
}

/**
 * Protects a command's document with Content-MD5, which every server takes and older ones
 * demand; the SDK's own choice is a CRC32 they do not know. Returns the command.
 */
export function withContentMd5<C>(command: C): C {
  (command as unknown as CommandWithStack).middlewareStack.add(
    (next) => (args) => {
      const { headers, body } = args.request as {
        headers: Record<string, string>;
        body: string | Uint8Array;
      };
      for (const name of Object.keys(headers)) {
        if (/^x-amz-(?:checksum-|sdk-checksum-)/i.test(name)) delete headers[name];
      }
      headers['content-md5'] = createHash('md5').update(body).digest('base64');
      return next(args as never);
    },
    { step: 'build', priority: 'low', name: 'dipperContentMd5', override: true },
  );
  return command;
}
