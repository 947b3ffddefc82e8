import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { S3Connection } from '../s3/s3-connection.ts';

/** Connections whose keys the server refused: nothing is sent over them until they change. */
export class CredentialHold {
  readonly #held = new Map<ConnectionId, S3Connection>();

  /** Holds a connection as it is configured now; another configuration is not held. */
  add(connectionId: ConnectionId, connection: S3Connection): void {
    this.#held.set(connectionId, connection);
  }

  holds(connectionId: ConnectionId, connection: S3Connection | undefined): boolean {
    return connection !== undefined && this.#held.get(connectionId) === connection;
  }

  /** Lets a connection go. Returns whether it was held. */
  release(connectionId: ConnectionId): boolean {
    return this.#held.delete(connectionId);
  }

  /** Ids of what is held. */
  ids(): readonly ConnectionId[] {
    return [...this.#held.keys()];
  }
}

/** Whether an error says that the server does not take these keys. */
export function isKeyRefusal(error: unknown): error is AppError {
  return (
    error instanceof AppError &&
    (error.code === 'auth.expired' ||
      error.code === 'auth.invalid-key' ||
      error.code === 'auth.signature')
  );
}

/**
 * Whether a failed request failed because of the keys and every other one will, too. A
 * wrong signature may be about a single odd name: then a listing still works.
 */
export async function areKeysRefused(
  error: unknown,
  connection: S3Connection,
  bucket: string,
  signal: AbortSignal,
): Promise<boolean> {
  if (!isKeyRefusal(error)) return false;
  if (error.code !== 'auth.signature') return true;
  try {
    await connection.listPage({
      bucket,
      prefix: '',
      delimiter: '/',
      cursor: null,
      maxKeys: 1,
      signal,
    });
    return false;
  } catch (second) {
    if (isKeyRefusal(second)) return true;
    // A server that refuses for another reason knows the keys; no answer tells nothing.
    return !(second instanceof AppError && second.provider !== undefined);
  }
}
