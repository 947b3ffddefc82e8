import type { BrowserWindow } from 'electron';
import type { DipperApp } from '../app/create-app.ts';

/** A start that takes longer than this has failed, ms. */
const LIMIT_MS = 30_000;

/**
 * Waits until the page is loaded, its bridge answers and the engine answers. Throws what
 * went wrong. For packaged apps, which no test driver can attach to.
 */
export async function runSmokeTest(window: BrowserWindow, app: DipperApp): Promise<void> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  const tooLate = new Promise<never>((_resolve, reject) => {
    limit.addEventListener('abort', () => reject(new Error('took too long')));
  });
  await Promise.race([Promise.all([pageAnswers(window), app.checkEngine()]), tooLate]);
}

async function pageAnswers(window: BrowserWindow): Promise<void> {
  const contents = window.webContents;
  if (contents.isLoading()) {
    await new Promise<void>((resolve, reject) => {
      contents.once('did-finish-load', () => resolve());
      contents.once('did-fail-load', (_event, _code, description) =>
        reject(new Error(description)),
      );
    });
  }
  const answer: unknown = await contents.executeJavaScript(
    "window.bridge.call('app.info', undefined).then((envelope) => envelope.ok)",
  );
  if (answer !== true) throw new Error('the window got no answer');
}
