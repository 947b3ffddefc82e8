import type { DipperApp } from '../app/create-app.ts';
import type { MainWindow } from './window.ts';

/** A start that takes longer than this has failed, ms. */
const LIMIT_MS = 30_000;

/**
 * Waits until the page is loaded, its bridge answers and the engine answers. Throws what
 * went wrong. For packaged apps, which no test driver can attach to.
 */
export async function runSmokeTest(window: MainWindow, app: DipperApp): Promise<void> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  const tooLate = new Promise<never>((_resolve, reject) => {
    limit.addEventListener('abort', () => reject(new Error('took too long')));
  });
  await Promise.race([Promise.all([pageAnswers(window), app.checkEngine()]), tooLate]);
}

async function pageAnswers(window: MainWindow): Promise<void> {
  await window.loaded();
  const answer: unknown = await window
    .current()
    ?.webContents.executeJavaScript(
      "window.bridge.call('app.info', undefined).then((envelope) => envelope.ok)",
    );
  if (answer !== true) throw new Error('the window got no answer');
}
