import { Menu as Base } from '@base-ui/react/menu';
import { Check, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import popup from './popup.module.css';
import { ariaShortcut, formatShortcut, usePlatform } from './shortcut.ts';

/** One line of a menu, as data. */
export type MenuEntry =
  | {
      readonly kind: 'item';
      readonly id: string;
      readonly label: string;
      readonly onSelect: () => void;
      /** Electron accelerator; shown, not handled. */
      readonly shortcut?: string | undefined;
      /** A 16 px icon. */
      readonly icon?: ReactNode;
      readonly danger?: boolean;
      readonly disabled?: boolean;
      /** A second line, such as why it is disabled. */
      readonly note?: string | undefined;
      /** Makes it a tick item. */
      readonly checked?: boolean | undefined;
    }
  | { readonly kind: 'separator'; readonly id: string }
  | {
      readonly kind: 'submenu';
      readonly id: string;
      readonly label: string;
      readonly icon?: ReactNode;
      readonly disabled?: boolean;
      readonly items: readonly MenuEntry[];
    };

/** Entries, or how to make them when the menu opens. */
export type MenuSource = readonly MenuEntry[] | (() => readonly MenuEntry[]);

/** The popup of a menu. Rendered only while open, so a function source is asked then. */
export function MenuEntries({ source }: { readonly source: MenuSource }) {
  const entries = typeof source === 'function' ? source() : source;
  const hasChecks = entries.some(
    (entry) => entry.kind === 'item' && entry.checked !== undefined,
  );
  const hasIcons = entries.some(
    (entry) => entry.kind !== 'separator' && entry.icon !== undefined,
  );
  return (
    <Base.Popup className={popup.popup}>
      <div className={classes(popup.list, popup.menu)} role="presentation">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} hasChecks={hasChecks} hasIcons={hasIcons} />
        ))}
      </div>
    </Base.Popup>
  );
}

function Entry({
  entry,
  hasChecks,
  hasIcons,
}: {
  readonly entry: MenuEntry;
  readonly hasChecks: boolean;
  readonly hasIcons: boolean;
}) {
  const platform = usePlatform();
  if (entry.kind === 'separator') return <Base.Separator className={popup.separator} />;
  const lead = (
    <>
      {hasChecks && (
        <span className={popup.check}>
          {entry.kind === 'item' && entry.checked === true && (
            <Check size={13} aria-hidden="true" />
          )}
        </span>
      )}
      {hasIcons && <span className={popup.icon}>{entry.icon}</span>}
      <span className={popup.text}>
        <span>{entry.label}</span>
        {entry.kind === 'item' && entry.note !== undefined && (
          <span className={popup.note}>{entry.note}</span>
        )}
      </span>
    </>
  );
  if (entry.kind === 'submenu') {
    return (
      <Base.SubmenuRoot disabled={entry.disabled ?? false}>
        <Base.SubmenuTrigger className={popup.item} label={entry.label}>
          {lead}
          <ChevronRight size={14} aria-hidden="true" className={popup.arrow} />
        </Base.SubmenuTrigger>
        <Base.Portal>
          <Base.Positioner className={popup.positioner} sideOffset={2} alignOffset={-4}>
            <MenuEntries source={entry.items} />
          </Base.Positioner>
        </Base.Portal>
      </Base.SubmenuRoot>
    );
  }
  const common = {
    label: entry.label,
    disabled: entry.disabled ?? false,
    'aria-keyshortcuts':
      entry.shortcut === undefined ? undefined : ariaShortcut(entry.shortcut, platform),
    className: classes(popup.item, entry.danger === true && popup.danger),
  };
  const shortcut = entry.shortcut !== undefined && (
    <span className={popup.shortcut} aria-hidden="true">
      {formatShortcut(entry.shortcut, platform)}
    </span>
  );
  if (entry.checked !== undefined) {
    return (
      <Base.CheckboxItem
        {...common}
        checked={entry.checked}
        closeOnClick
        onCheckedChange={() => entry.onSelect()}
      >
        {lead}
        {shortcut}
      </Base.CheckboxItem>
    );
  }
  return (
    <Base.Item {...common} onClick={() => entry.onSelect()}>
      {lead}
      {shortcut}
    </Base.Item>
  );
}
