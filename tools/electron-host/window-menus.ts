import type { KeyPress } from './accelerator.ts';
import type { HostContext } from './context.ts';
import { chooseItem, type HostMenu, runAccelerator, viewOf } from './menu.ts';
import type { HostWindow } from './window.ts';

/** What is drawn of menus in a window: its bar, and the context menu that is open. */
export class WindowMenus {
  readonly #context: HostContext;
  readonly #window: HostWindow;
  /** `undefined`: the application's. */
  #own: HostMenu | null | undefined;
  #chosenFrom: HostMenu | null = null;
  #popup: { readonly menu: HostMenu; readonly closed: () => void } | undefined;

  constructor(context: HostContext, window: HostWindow) {
    this.#context = context;
    this.#window = window;
  }

  /** The window gets a menu of its own; `null`: none. */
  setOwn(menu: HostMenu | null): void {
    this.#own = menu;
    this.updateBar();
  }

  /** A key that the page did not use. */
  pressed(press: KeyPress): void {
    runAccelerator(this.#shown(), press, this.#window);
  }

  /** An item of the drawn menu was chosen. */
  choose(commandId: number): void {
    const popup = this.#popup?.menu ?? this.#chosenFrom;
    if (!chooseItem(popup, commandId, this.#window))
      chooseItem(this.#shown(), commandId, this.#window);
  }

  /** The drawn context menu is gone. */
  closed(): void {
    const popup = this.#popup;
    this.#popup = undefined;
    // The page tells of the choice after the menu is gone.
    this.#chosenFrom = popup?.menu ?? null;
    popup?.closed();
  }

  /** Draws a context menu. */
  popup(
    menu: HostMenu,
    x: number | undefined,
    y: number | undefined,
    closed: () => void,
  ): void {
    this.#popup = { menu, closed };
    void this.#window.contents.link.then((link) => link.popup(viewOf(menu), x, y));
  }

  /** Removes the drawn context menu. */
  closePopup(): void {
    void this.#window.contents.link.then((link) => link.popup([], undefined, undefined));
  }

  /** Draws the menu bar where one is wanted. */
  updateBar(): void {
    if (!this.#context.options.menuBar) return;
    const menu = this.#shown();
    void this.#window.contents.link
      .then((link) => link.setMenuBar(menu === null ? undefined : viewOf(menu)))
      .catch(() => {});
  }

  #shown(): HostMenu | null {
    return this.#own === undefined ? this.#context.applicationMenu : this.#own;
  }
}
