import type { BridgeEnd, Wire } from './bridge.ts';
import type { World } from './world.ts';

/** What the page's half is told. */
export interface MainWorldConfig {
  readonly secret: string;
  /** Custom schemes and the suffix of the host names that stand for them. */
  readonly schemes: readonly string[];
  readonly suffix: string;
}

/** Runs in the page's own world before its scripts: receives what the preload exposes. */
export function mainWorld(
  config: MainWorldConfig,
  bridgeEnd: (node: EventTarget, side: 'iso' | 'main', world: World) => BridgeEnd,
  captureWorld: () => World,
): void {
  if (window.top !== window) return;
  const world = captureWorld();
  const node = new EventTarget();
  const end = bridgeEnd(node, 'main', world);
  world.listen(node, 'mainexpose', (detail) => {
    try {
      const [key, wire] = detail as readonly [string, Wire];
      if (key in window) {
        throw world.error(
          'Cannot bind an API on top of an existing property on the window object',
        );
      }
      world.define(window, key, {
        value: end.decode(wire, true),
        enumerable: true,
        writable: false,
        configurable: false,
      });
      end.reply([true, ['v', undefined]]);
    } catch (error) {
      end.reply([false, ['e', (error as Error).message]]);
    }
  });
  // Hands the node over once: relatedTarget is wrapped anew for each world, and the page's
  // scripts have not run yet.
  const hello = `${config.secret}hello`;
  window.addEventListener(
    hello,
    () => {
      const event = new MouseEvent(`${config.secret}node`, { relatedTarget: node });
      window.dispatchEvent(event);
    },
    { once: true },
  );
  // fetch('app://…') reaches the https origin that stands for it.
  const original = window.fetch;
  const rewrite = (url: string): string => {
    const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(url);
    const scheme = match?.[1]?.toLowerCase();
    return scheme !== undefined && config.schemes.includes(scheme)
      ? `https://${match?.[2]}.${scheme}${config.suffix}${match?.[3]}`
      : url;
  };
  window.fetch = function fetch(input, init) {
    const isAddress = typeof input === 'string' || input instanceof URL;
    return original.call(this, isAddress ? rewrite(String(input)) : input, init);
  };
}
