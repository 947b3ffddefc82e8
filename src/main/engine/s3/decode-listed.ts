import { AppError } from '../../../shared/errors/app-error.ts';

/** S3 writes a blank as `+` here, and a plus as `%2B`. Throws on broken escapes. */
export function decodeListed(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new AppError('provider.malformed-response', {
      params: { reason: 'encoding' },
    });
  }
}
