/* oxlint-disable unicorn/consistent-function-scoping -- the source text of the functions
   is injected in the page, so all they use must be inside them */
/** One line of a drawn menu. */
export interface MenuItemView {
  readonly commandId: number;
  readonly type: 'normal' | 'separator' | 'submenu' | 'checkbox' | 'radio';
  readonly label: string;
  readonly shortcut: string;
  readonly enabled: boolean;
  readonly checked: boolean;
  readonly submenu: readonly MenuItemView[];
}

/** The drawn menus of one page. */
export interface MenuBar {
  /** Shows the bar with these menus, or removes it. */
  readonly setBar: (items: readonly MenuItemView[] | undefined) => void;
  /** Opens a context menu, at the last pointer position unless one is given. */
  readonly popup: (items: readonly MenuItemView[], x?: number, y?: number) => void;
}

/**
 * Draws menus inside the page where native ones are missing, in a closed shadow root with
 * constructed style sheets, which no Content-Security-Policy forbids. Source is injected.
 * @param run called with the command id of the chosen item
 * @param closed called when a context menu is gone, chosen or not
 */
export function menuBar(run: (commandId: number) => void, closed: () => void): MenuBar {
  const height = 28;
  const shadowCss = `
    :host { all: initial; }
    * { box-sizing: border-box; font: 13px/20px system-ui, sans-serif; }
    .bar { position: fixed; inset: 0 0 auto 0; height: ${height}px; display: flex; align-items: center;
      gap: 2px; padding: 0 6px; background: Canvas; color: CanvasText; z-index: 2147483646;
      border-bottom: 1px solid color-mix(in srgb, CanvasText 15%, Canvas); user-select: none; }
    button { all: unset; box-sizing: border-box; font: 13px/20px system-ui, sans-serif;
      padding: 2px 8px; border-radius: 4px; cursor: default; }
    button:hover:enabled, button:focus-visible, button[aria-expanded="true"] {
      background: color-mix(in srgb, CanvasText 12%, Canvas); }
    button:focus-visible { outline: 2px solid Highlight; outline-offset: -2px; }
    button:disabled { color: GrayText; }
    .menu { position: fixed; min-width: 180px; max-height: 90vh; overflow: auto; padding: 4px;
      background: Canvas; color: CanvasText; border-radius: 6px; z-index: 2147483647;
      border: 1px solid color-mix(in srgb, CanvasText 20%, Canvas);
      box-shadow: 0 6px 20px rgb(0 0 0 / 25%); user-select: none; }
    .menu button { display: flex; width: 100%; gap: 24px; padding-left: 24px; position: relative; }
    .menu button[aria-checked="true"]::before { content: "✓"; position: absolute; left: 8px; }
    .menu .keys { margin-left: auto; color: GrayText; }
    hr { border: 0; border-top: 1px solid color-mix(in srgb, CanvasText 15%, Canvas); margin: 4px 8px; }
  `;
  const pageSheet = new CSSStyleSheet();
  // `contain` keeps the page's fixed elements below the bar.
  pageSheet.replaceSync(`
    html { box-sizing: border-box !important; height: 100vh !important; padding-top: ${height}px !important; }
    body { contain: layout; }
  `);
  const shadowSheet = new CSSStyleSheet();
  shadowSheet.replaceSync(shadowCss);
  const holder = document.createElement('div');
  const root = holder.attachShadow({ mode: 'closed' });
  root.adoptedStyleSheets = [shadowSheet];
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const paint = (): void => {
    holder.style.setProperty('color-scheme', scheme.matches ? 'dark' : 'light');
  };
  scheme.addEventListener('change', paint);
  const bar = document.createElement('div');
  bar.className = 'bar';
  bar.setAttribute('role', 'menubar');
  let open: HTMLElement[] = [];
  let isPopup = false;
  let pointer = { x: 0, y: 0 };
  let returnTo: Element | null = null;
  let focused: Element | null = null;

  const attach = (): void => {
    paint();
    if (!holder.isConnected) document.documentElement.append(holder);
  };
  const closeFrom = (depth: number): void => {
    for (const menu of open.splice(depth)) menu.remove();
    if (depth > 0) return;
    for (const each of bar.children) each.setAttribute('aria-expanded', 'false');
    if (isPopup) {
      isPopup = false;
      closed();
    }
  };
  const finish = (): void => {
    closeFrom(0);
    if (returnTo instanceof HTMLElement) returnTo.focus();
    returnTo = null;
  };
  const buttonsOf = (parent: Element): HTMLButtonElement[] => [
    ...parent.querySelectorAll<HTMLButtonElement>(':scope > button:enabled'),
  ];
  const step = (parent: Element, by: number): void => {
    const buttons = buttonsOf(parent);
    const at = buttons.findIndex((each) => each === root.activeElement);
    buttons.at((at + by + (at === -1 && by < 0 ? 1 : 0)) % buttons.length)?.focus();
  };

  const line = (item: MenuItemView, depth: number): HTMLElement => {
    if (item.type === 'separator') return document.createElement('hr');
    const button = document.createElement('button');
    const isCheck = item.type === 'checkbox' || item.type === 'radio';
    button.setAttribute('role', isCheck ? `menuitem${item.type}` : 'menuitem');
    if (isCheck) button.setAttribute('aria-checked', String(item.checked));
    button.disabled = !item.enabled;
    const keys = document.createElement('span');
    keys.className = 'keys';
    keys.textContent = item.submenu.length > 0 ? '▸' : item.shortcut;
    button.append(item.label, keys);
    const openChild = (): void => {
      closeFrom(depth + 1);
      const box = button.getBoundingClientRect();
      if (item.submenu.length > 0) show(item.submenu, box.right, box.top, depth + 1);
    };
    button.addEventListener('pointerenter', openChild);
    button.addEventListener('click', () => {
      if (item.submenu.length > 0) {
        openChild();
        return;
      }
      finish();
      run(item.commandId);
    });
    return button;
  };
  const show = (
    items: readonly MenuItemView[],
    x: number,
    y: number,
    depth: number,
  ): void => {
    closeFrom(depth);
    const menu = document.createElement('div');
    menu.className = 'menu';
    menu.setAttribute('role', 'menu');
    menu.append(...items.map((item) => line(item, depth)));
    root.append(menu);
    open.push(menu);
    const left = Math.max(0, Math.min(x, innerWidth - menu.offsetWidth - 4));
    const top = Math.max(0, Math.min(y, innerHeight - menu.offsetHeight - 4));
    menu.style.setProperty('left', `${left}px`);
    menu.style.setProperty('top', `${top}px`);
    buttonsOf(menu)[0]?.focus();
  };
  const expand = (button: Element | undefined): void => {
    if (button instanceof HTMLButtonElement) button.click();
  };
  const acrossBar = (by: number): void => {
    const all = [...bar.children];
    const at = all.findIndex((each) => each.getAttribute('aria-expanded') === 'true');
    if (at !== -1) expand(all.at((at + by) % all.length));
  };

  root.addEventListener('keydown', (event) => {
    const { key } = event as unknown as KeyboardEvent;
    const menu = open.at(-1);
    event.stopPropagation();
    if (key === 'Tab') event.preventDefault();
    if (menu === undefined) return;
    const handled: Record<string, () => void> = {
      ArrowDown: () => step(menu, 1),
      ArrowUp: () => step(menu, -1),
      ArrowRight: () => acrossBar(1),
      ArrowLeft: () => (open.length > 1 ? closeFrom(open.length - 1) : acrossBar(-1)),
      Escape: () => (open.length > 1 ? closeFrom(open.length - 1) : finish()),
    };
    const action = handled[key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
  window.addEventListener('focusin', () => {
    if (document.activeElement !== holder) focused = document.activeElement;
  });
  window.addEventListener(
    'pointerdown',
    (event) => {
      pointer = { x: event.clientX, y: event.clientY };
      if (open.length > 0 && event.target !== holder) closeFrom(0);
    },
    true,
  );
  window.addEventListener(
    'contextmenu',
    (event) => {
      pointer = { x: event.clientX, y: event.clientY };
    },
    true,
  );
  window.addEventListener('blur', () => closeFrom(0));

  return {
    setBar: (items) => {
      const others = document.adoptedStyleSheets.filter((sheet) => sheet !== pageSheet);
      document.adoptedStyleSheets = items === undefined ? others : [...others, pageSheet];
      bar.remove();
      if (items === undefined) return;
      bar.replaceChildren(
        ...items.map((item) => {
          const button = document.createElement('button');
          button.setAttribute('role', 'menuitem');
          button.setAttribute('aria-haspopup', 'menu');
          button.setAttribute('aria-expanded', 'false');
          button.textContent = item.label;
          const openMenu = (): void => {
            closeFrom(0);
            returnTo = focused;
            button.setAttribute('aria-expanded', 'true');
            show(item.submenu, button.getBoundingClientRect().left, height, 0);
          };
          button.addEventListener('click', openMenu);
          button.addEventListener('pointerenter', () => {
            if (open.length > 0 && !isPopup) openMenu();
          });
          return button;
        }),
      );
      attach();
      root.append(bar);
    },
    popup: (items, x, y) => {
      attach();
      closeFrom(0);
      returnTo = focused;
      show(items, x ?? pointer.x, y ?? pointer.y, 0);
      isPopup = true;
    },
  };
}
