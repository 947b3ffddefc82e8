import { lookup } from 'node:dns/promises';

/** How long a host may take to answer at all, in milliseconds. */
const PATIENCE = 5000;

/**
 * Whether a web host answers. Quick to say no: an installer would try again and again.
 * Behind a proxy only the proxy can say, so there the answer is yes.
 */
export async function canReach(url: string): Promise<boolean> {
  const { env } = process;
  if (env['HTTPS_PROXY'] !== undefined || env['https_proxy'] !== undefined) return true;
  try {
    await lookup(new URL(url).hostname);
    // Any answer will do; following it is the installer's work.
    const signal = AbortSignal.timeout(PATIENCE);
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal });
    return true;
  } catch {
    return false;
  }
}
