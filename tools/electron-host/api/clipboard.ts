import type { HostContext } from '../context.ts';

/** How long the system's clipboard gets, in milliseconds. */
const PATIENCE = 500;

/**
 * Electron's `clipboard` (asynchronous since Electron 44), text only. Text written here is
 * kept, and also given to the system's clipboard through the focused page.
 */
export function createClipboard(context: HostContext) {
  let text = '';
  const share = async (): Promise<void> => {
    const contents = context.focused?.contents;
    if (contents === undefined) return;
    const code = `navigator.clipboard.writeText(${JSON.stringify(text)})`;
    const timeout = new Promise((resolve) => setTimeout(resolve, PATIENCE).unref());
    // A page without focus or permission is not an error: the text is kept here.
    await Promise.race([contents.executeJavaScript(code, true).catch(() => {}), timeout]);
  };
  return {
    readText: async (): Promise<string> => text,
    async writeText(value: string): Promise<void> {
      text = value;
      await share();
    },
    has: async (type: string): Promise<boolean> => type === 'text/plain' && text !== '',
    clear(): void {
      text = '';
    },
  };
}
