import {
  ArrowDownToLine,
  ArrowUp,
  ArrowUpFromLine,
  ChevronLeft,
  ChevronRight,
  FolderPlus,
  Info,
  ListFilter,
  PanelLeft,
  RotateCw,
  X,
} from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { CommandId } from '../../../shared/commands/commands.ts';
import { useServices } from '../../app/services.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { Menu } from '../../components/menu.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { TransferTotals } from '../transfers/transfer-totals.tsx';
import { AddressBar } from './address-bar.tsx';
import { commandEntries } from './context-menus.ts';
import { HistoryButton } from './history-button.tsx';
import styles from './toolbar.module.css';

const ICON = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const;

/** The bar above the list. */
export function Toolbar() {
  const { pane, settings, transfers, commands } = useServices();
  // What the buttons' states depend on: they ask the commands when one of these changes.
  useStore(pane.store, (state) => state.history);
  useStore(pane.store, (state) => state.selection.rows.size > 0);
  useStore(settings.store, (state) => state.settings);
  useStore(transfers.store, (state) => state.conflict === null);
  const connected = useStore(pane.store, (state) => state.location !== null);
  const loading = useStore(pane.store, (state) => state.phase === 'loading');
  useStore(pane.store, (state) => state.location);
  return (
    <div
      className={styles.bar}
      role="toolbar"
      aria-label="Main"
      data-focus-zone="toolbar"
    >
      <Act id="view.sidebar" icon={<PanelLeft {...ICON} />} />
      <div className={styles.group}>
        <HistoryButton way="back">
          <Act id="go.back" icon={<ChevronLeft {...ICON} />} />
        </HistoryButton>
        <HistoryButton way="forward">
          <Act id="go.forward" icon={<ChevronRight {...ICON} />} />
        </HistoryButton>
        <Act id="go.up" icon={<ArrowUp {...ICON} />} />
      </div>
      <AddressBar />
      {loading ? (
        <Act id="view.stop" icon={<X {...ICON} />} />
      ) : (
        <Act id="view.refresh" icon={<RotateCw {...ICON} />} />
      )}
      {connected && <FilterField />}
      <div className={styles.group}>
        <Act id="browse.newFolder" icon={<FolderPlus {...ICON} />} />
        <Menu
          trigger={
            <IconButton
              label="Upload"
              disabled={!commands.isEnabled('transfer.uploadFiles')}
              icon={<ArrowUpFromLine {...ICON} />}
            />
          }
          items={() =>
            commandEntries(commands, ['transfer.uploadFiles', 'transfer.uploadFolder'])
          }
        />
        <Act id="transfer.download" icon={<ArrowDownToLine {...ICON} />} />
      </div>
      <TransferTotals />
      <Act id="view.inspector" icon={<Info {...ICON} />} />
    </div>
  );
}

/** A toolbar button of a command. */
function Act({ id, icon }: { readonly id: CommandId; readonly icon: ReactNode }) {
  const { commands } = useServices();
  const spec = commands.spec(id);
  return (
    <IconButton
      label={spec.label.replace('…', '')}
      shortcut={spec.shortcut}
      icon={icon}
      disabled={!commands.isEnabled(id)}
      pressed={spec.toggle === true ? commands.isChecked(id) : undefined}
      onClick={() => commands.run(id)}
    />
  );
}

/** The field that shows only rows whose name contains what is typed. */
function FilterField() {
  const { pane, focus } = useServices();
  const input = useRef<HTMLInputElement>(null);
  const text = useStore(pane.store, (state) => state.filter.text);
  useEffect(
    () =>
      focus.register('filter', () => {
        input.current?.focus();
        input.current?.select();
      }),
    [focus],
  );
  return (
    <div className={styles.filter}>
      <TextInput
        ref={input}
        type="search"
        aria-label="Filter by name"
        placeholder="Filter"
        icon={<ListFilter size={14} aria-hidden="true" />}
        value={text}
        onChange={(value) => pane.setFilter({ text: value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.preventDefault();
            pane.setFilter({ text: '' });
            focus.to('list');
          } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
            event.preventDefault();
            focus.to('list');
            if (pane.store.getState().selection.focus < 0) {
              pane.select({
                kind: 'move',
                to: 'home',
                page: 1,
                range: false,
                focusOnly: false,
              });
            }
          }
        }}
      />
    </div>
  );
}
