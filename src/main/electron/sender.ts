import { APP_ORIGIN } from './app-url.ts';

/** What is checked of Electron's `IpcMainInvokeEvent`. */
export interface SenderEvent {
  /** `null`: the frame is gone or has navigated since. */
  readonly senderFrame: { readonly origin: string } | null;
  readonly sender: { readonly id: number; readonly mainFrame: unknown };
}

/**
 * Whether a message comes from the main frame of one of our own windows, while it shows
 * our own page.
 */
export function isTrustedSender(
  event: SenderEvent,
  trustedIds: ReadonlySet<number>,
): boolean {
  const { sender, senderFrame } = event;
  return (
    senderFrame !== null &&
    senderFrame === sender.mainFrame &&
    senderFrame.origin === APP_ORIGIN &&
    trustedIds.has(sender.id)
  );
}
