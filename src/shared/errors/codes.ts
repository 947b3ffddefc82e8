/**
 * What may be done about an error without asking the user.
 * - `never`: repeating cannot help.
 * - `user`: works again after the user changed something.
 * - `auto`: try again after a pause.
 * - `paced`: try again, and slow down everything on that connection.
 */
export type RetryClass = 'never' | 'user' | 'auto' | 'paced';

/** Every error code with its retry class. The user's text is in messages/errors.en.ts. */
export const ERROR_CODES = {
  'auth.invalid-key': 'user',
  'auth.signature': 'user',
  'auth.expired': 'user',
  'auth.missing-secret': 'user',
  'access.denied': 'never',
  'access.bucket-owner': 'never',
  'access.object-archived': 'never',
  'access.locked': 'never',
  'bucket.not-found': 'never',
  'bucket.exists': 'never',
  'bucket.name-invalid': 'user',
  'bucket.not-empty': 'never',
  'bucket.wrong-region': 'auto',
  'object.not-found': 'never',
  'object.changed': 'auto',
  'object.name-invalid': 'user',
  'conflict.exists': 'user',
  'copy.onto-itself': 'user',
  'copy.into-itself': 'user',
  'precondition.failed': 'never',
  'aspect.changed': 'user',
  'aspect.invalid': 'user',
  'link.no-keys': 'user',
  'provider.unsupported': 'never',
  'provider.malformed-response': 'auto',
  'provider.quota': 'user',
  'provider.clock-skew': 'user',
  'provider.internal': 'auto',
  'throttle.slow-down': 'paced',
  'throttle.too-many': 'paced',
  'network.offline': 'auto',
  'network.dns': 'auto',
  'network.refused': 'auto',
  'network.timeout': 'auto',
  'network.reset': 'auto',
  'network.tls': 'user',
  'network.proxy': 'user',
  'transfer.source-changed': 'auto',
  'transfer.checksum-mismatch': 'auto',
  'transfer.upload-gone': 'auto',
  'transfer.too-large': 'never',
  'transfer.cancelled': 'never',
  'transfer.partial': 'user',
  'local.not-found': 'user',
  'local.denied': 'user',
  'local.no-space': 'user',
  'local.name-invalid': 'user',
  'local.outside-target': 'never',
  'local.busy': 'user',
  'local.io': 'user',
  'input.invalid': 'user',
  'input.endpoint': 'user',
  'bookmark.not-found': 'never',
  'connection.not-open': 'user',
  'ipc.forbidden': 'never',
  'ipc.invalid-request': 'never',
  'engine.gone': 'auto',
  'engine.restarted': 'auto',
  'window.gone': 'auto',
  'storage.corrupt': 'user',
  'storage.write-failed': 'user',
  'vault.unavailable': 'user',
  'vault.unreadable': 'user',
  internal: 'never',
} as const satisfies Record<string, RetryClass>;

/** A code of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;
