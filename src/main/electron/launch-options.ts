/** How this run was started. */
export interface LaunchOptions {
  /** Where all data goes instead of the user's own folder; `null`: the usual one. */
  readonly userData: string | null;
  /** Start, load the window, ask the engine, leave: exit code 0 when all went well. */
  readonly smokeTest: boolean;
  /** The development server to load the window from; never in a packaged app. */
  readonly developmentServer: string | null;
}

/** Reads the command line and the environment. */
export function readLaunchOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  packaged: boolean,
): LaunchOptions {
  const { DIPPER_USER_DATA: userData, ELECTRON_RENDERER_URL: server } = env;
  return {
    userData: userData === undefined || userData === '' ? null : userData,
    smokeTest: argv.includes('--smoke-test'),
    developmentServer: packaged ? null : localServer(server),
  };
}

/** Only a server on this computer. */
function localServer(text: string | undefined): string | null {
  if (text === undefined || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isLocal = url.hostname === 'localhost' || url.hostname === '127.0.0.1';
  return url.protocol === 'http:' && isLocal ? url.origin : null;
}
