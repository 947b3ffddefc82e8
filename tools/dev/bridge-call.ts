import type { Page } from '@playwright/test';
import type { Envelope } from '../../src/shared/contract/define.ts';
import type {
  AppRequest,
  AppResponse,
  CallName,
} from '../../src/shared/contract/index.ts';

/**
 * Makes a call of the contract from the window of a running app.
 * @throws Error with the code when the app refuses
 */
export async function callApp<N extends CallName>(
  page: Page,
  name: N,
  request: AppRequest<N>,
): Promise<AppResponse<N>> {
  const envelope = await page.evaluate(
    ([call, payload]) => {
      const { bridge } = globalThis as unknown as {
        readonly bridge: {
          readonly call: (name: string, payload: unknown) => Promise<unknown>;
        };
      };
      return bridge.call(call, payload);
    },
    [name, request] as const,
  );
  const answer = envelope as Envelope<AppResponse<N>>;
  if (!answer.ok) throw new Error(`${name}: ${answer.error.code}`);
  return answer.value;
}
