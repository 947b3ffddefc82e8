import { app, Menu } from 'electron';
import type { DesktopPlatform } from '../../shared/bridge.ts';
import type { CommandState } from '../../shared/contract/app.ts';
import type { MenuPort } from '../platform/desktop.ts';
import { menuTemplate } from './menu-template.ts';

/** Makes the menu bar and keeps it in step with the window's commands. */
export function installMenu(options: {
  readonly platform: DesktopPlatform;
  /** A command was chosen in the menu. */
  readonly run: (id: string) => void;
}): MenuPort {
  function build(states: ReadonlyMap<string, CommandState>): Menu {
    return Menu.buildFromTemplate(
      menuTemplate({
        platform: options.platform,
        packaged: app.isPackaged,
        appName: app.name,
        states,
        run: options.run,
      }),
    );
  }
  const menu = build(new Map());
  Menu.setApplicationMenu(menu);
  return {
    setStates(states) {
      for (const state of states) {
        const item = menu.getMenuItemById(state.id);
        if (item === null) continue;
        item.enabled = state.enabled;
        if (item.type === 'checkbox') item.checked = state.checked;
      }
    },
  };
}
