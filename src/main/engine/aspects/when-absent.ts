import { AppError } from '../../../shared/errors/app-error.ts';

/**
 * What `ask` says, or `absent` when the server answers with one of `codes`: it knows the
 * setting, and there is none.
 */
export async function orWhenAbsent<T>(
  absent: T,
  codes: readonly string[],
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const service = error instanceof AppError ? error.provider?.service : undefined;
    if (service === undefined || !codes.includes(service)) throw error;
    return absent;
  }
}
