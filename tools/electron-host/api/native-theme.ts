import { EventEmitter } from 'node:events';
import type { HostContents } from '../contents.ts';
import type { HostContext } from '../context.ts';
import { hostEvent } from '../event.ts';

type ThemeSource = Electron.NativeTheme['themeSource'];

/** Electron's `nativeTheme`: the page's media queries follow it. */
export class HostNativeTheme extends EventEmitter {
  readonly shouldUseHighContrastColors = false;
  readonly shouldUseInvertedColorScheme = false;
  readonly inForcedColorsMode = false;
  readonly prefersReducedTransparency = false;
  readonly #context: HostContext;
  #source: ThemeSource = 'system';

  constructor(context: HostContext) {
    super();
    this.#context = context;
  }

  get themeSource(): ThemeSource {
    return this.#source;
  }

  set themeSource(source: ThemeSource) {
    if (!['system', 'light', 'dark'].includes(source)) {
      throw new TypeError(`Invalid themeSource: ${source}`);
    }
    this.#source = source;
    for (const contents of this.#context.contents.values()) this.apply(contents);
    this.emit('updated', hostEvent());
  }

  get shouldUseDarkColors(): boolean {
    return (
      this.#source === 'dark' || (this.#source === 'system' && this.#context.options.dark)
    );
  }

  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return this.#context.options.dark;
  }

  /** For the host: sets the theme on one page. */
  apply(contents: HostContents): void {
    const value = this.shouldUseDarkColors ? 'dark' : 'light';
    contents.post('Emulation.setEmulatedMedia', {
      features: this.#isDefault ? [] : [{ name: 'prefers-color-scheme', value }],
    });
  }

  /** For the host: sets it again on a page where a test driver may have set its own. */
  applyAgain(contents: HostContents): void {
    if (!this.#isDefault) this.apply(contents);
  }

  /** Nobody asked for a theme: the page has the system's, or the test driver's. */
  get #isDefault(): boolean {
    return this.#source === 'system' && !this.#context.options.dark;
  }
}
