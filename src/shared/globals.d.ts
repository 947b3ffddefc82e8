/**
 * The WHATWG classes that Node and browsers share. `src/shared` is compiled without DOM
 * and without Node types; these few are all it may lean on.
 */
declare class URL {
  constructor(input: string, base?: string);
  static canParse(input: string, base?: string): boolean;
  readonly href: string;
  readonly origin: string;
  protocol: string;
  username: string;
  password: string;
  host: string;
  hostname: string;
  port: string;
  pathname: string;
  search: string;
  hash: string;
}
declare class TextEncoder {
  encode(input?: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean });
  decode(input?: Uint8Array): string;
}
/** Base64 of a text whose characters are bytes. */
declare function btoa(bytes: string): string;
