import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from './codes.ts';
import type { SerializedError } from './error.ts';

export {
  AppError,
  deserializeError,
  type ErrorParams,
  type ProviderDetails,
  serializeError,
} from './error.ts';

/** An error as it crosses a process border. */
export type SerializedAppError = SerializedError;

/** Schema of {@link SerializedAppError}. */
export const SerializedAppError: z.ZodType<SerializedAppError> = z.strictObject({
  code: z.custom<ErrorCode>((code) => typeof code === 'string' && code in ERROR_CODES),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  provider: z
    .strictObject({
      service: z.string().optional(),
      httpStatus: z.number().optional(),
      requestId: z.string().optional(),
      extendedRequestId: z.string().optional(),
      message: z.string().optional(),
    })
    .optional(),
});
