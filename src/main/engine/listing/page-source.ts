import type { RemotePage } from '../s3/s3-connection.ts';

/** Asks for one page; `null`: the first. Throws `AppError`. */
export type PageSource = (
  input: { readonly cursor: string | null; readonly maxKeys?: number },
  signal: AbortSignal,
) => Promise<RemotePage>;

/** This server does not list in order, or does not know `start-after`. */
export class NotInOrder extends Error {}
