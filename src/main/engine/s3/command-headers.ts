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
