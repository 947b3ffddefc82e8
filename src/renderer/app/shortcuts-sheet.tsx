import { useRef } from 'react';
import {
  COMMANDS,
  type CommandSpec,
  type MenuName,
} from '../../shared/commands/commands.ts';
import { allShortcuts } from '../commands/shortcuts.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { formatShortcut, usePlatform } from '../components/shortcut.ts';
import styles from './shortcuts-sheet.module.css';

const GROUPS: readonly { readonly menu: MenuName; readonly title: string }[] = [
  { menu: 'file', title: 'File' },
  { menu: 'edit', title: 'Edit and select' },
  { menu: 'go', title: 'Go' },
  { menu: 'view', title: 'View' },
  { menu: 'help', title: 'Help' },
];

/** Where a command is listed: with its menu's, or where it says. */
function placeOf(spec: CommandSpec): MenuName | undefined {
  return spec.menu ?? spec.sheet;
}

/** Keys that are no commands. */
const LIST_KEYS: readonly (readonly [string, string])[] = [
  ['Type letters', 'Go to a name'],
  ['Enter', 'Open folder, download file'],
  ['Shift+Up', 'Extend the selection'],
  ['Ctrl+Space', 'Select or deselect'],
  ['F6', 'Next part of the window'],
  ['Shift+Left', 'Resize a column (on its title)'],
  ['Shift+F10', 'Context menu'],
];

/** Keys of the transfers panel. */
const PANEL_KEYS: readonly (readonly [string, string])[] = [
  ['Enter', 'Details'],
  ['Space', 'Pause, resume or try again'],
  ['Delete', 'Cancel, or remove from the list'],
  ['Right', 'Open a group'],
  ['Left', 'Fold a group'],
  ['Alt+Up', 'Transfer earlier'],
  ['Alt+Down', 'Transfer later'],
];

const OTHER_KEYS = [
  { title: 'In the list', keys: LIST_KEYS },
  { title: 'In the transfers panel', keys: PANEL_KEYS },
] as const;

/** Every shortcut there is, made from the commands. */
export function ShortcutsSheet({ onClose }: { readonly onClose: () => void }) {
  const platform = usePlatform();
  const shortcuts = allShortcuts(platform === 'darwin');
  const done = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open
      onClose={onClose}
      closeOnOutsideClick
      title="Keyboard Shortcuts"
      size="large"
      footer={
        <Button ref={done} variant="primary" type="submit">
          Done
        </Button>
      }
      initialFocus={done}
      onSubmit={onClose}
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrows scroll it */}
      <section className={styles.columns} aria-label="Shortcuts" tabIndex={0}>
        {GROUPS.map(({ menu, title }) => (
          <section key={menu} className={styles.group}>
            <h3 className={styles.heading}>{title}</h3>
            <dl className={styles.list}>
              {COMMANDS.filter((spec) => placeOf(spec) === menu).map((spec) => {
                const keys = shortcuts.filter(({ id }) => id === spec.id);
                if (keys.length === 0) return null;
                return (
                  <div key={spec.id} className={styles.line}>
                    <dt>{spec.label.replace('…', '')}</dt>
                    <dd>
                      {keys.map(({ shortcut }) => (
                        <kbd key={shortcut} className={styles.key}>
                          {formatShortcut(shortcut, platform)}
                        </kbd>
                      ))}
                    </dd>
                  </div>
                );
              })}
            </dl>
          </section>
        ))}
        {OTHER_KEYS.map(({ title, keys: lines }) => (
          <section key={title} className={styles.group}>
            <h3 className={styles.heading}>{title}</h3>
            <dl className={styles.list}>
              {lines.map(([keys, what]) => (
                <div key={keys} className={styles.line}>
                  <dt>{what}</dt>
                  <dd>
                    <kbd className={styles.key}>{formatShortcut(keys, platform)}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </section>
    </Dialog>
  );
}
