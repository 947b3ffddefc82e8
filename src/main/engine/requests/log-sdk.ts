import type { S3Client } from '@aws-sdk/client-s3';
import { describeFailure, requestIdOf } from './describe-failure.ts';
import type { RequestSink } from './request-log.ts';

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Tells `sink` of every request an SDK client sends. `now`: ms since 1970. */
export function logSdk(client: S3Client, sink: RequestSink, now: () => number): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const at = now();
      const started = performance.now();
      const add = (answer: Answer | null, error: unknown): void => {
        const failure = error === null ? null : describeFailure(error);
        const input = args.input as { readonly Bucket?: string; readonly Key?: string };
        const request = args.request as {
          readonly method?: string;
          readonly headers?: Readonly<Record<string, string>>;
        };
        const length =
          request.headers?.['content-length'] ?? answer?.headers['content-length'];
        sink.add({
          at,
          method: request.method ?? '',
          operation: (context.commandName ?? '').replace(/Command$/, ''),
          bucket: input.Bucket ?? '',
          key: input.Key ?? '',
          status: failure?.status || (answer?.statusCode ?? 0),
          ms: performance.now() - started,
          requestId:
            failure?.requestId || (answer === null ? '' : requestIdOf(answer.headers)),
          bytes: Number(length ?? 0) || 0,
          error: failure?.error ?? '',
        });
      };
      try {
        const result = await next(args);
        add(result.response as Answer, null);
        return result;
      } catch (error) {
        add(null, error);
        throw error;
      }
    },
    // Around each single request, after anything that repeats it.
    {
      step: 'finalizeRequest',
      priority: 'low',
      name: 'dipperLogRequest',
      override: true,
    },
  );
}
