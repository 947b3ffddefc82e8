import {
  ChevronRight,
  Clock,
  Cloud,
  Folder,
  Server,
  ShieldAlert,
  Unplug,
} from 'lucide-react';
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Bookmark } from '../../../shared/domain/bookmark.ts';
import { classes } from '../../components/classes.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { VisuallyHidden } from '../../components/visually-hidden.tsx';
import styles from './bookmark-sidebar.module.css';
import { displayName, secondaryText } from './bookmark-text.ts';
import type { DropPlace, SidebarRow } from './sidebar-model.ts';

/** What a bookmark is doing. */
export type BookmarkStatus = 'idle' | 'connecting' | 'connected';

/** Props of {@link SidebarRowView}. */
export interface SidebarRowProps {
  readonly row: SidebarRow;
  readonly isSelected: boolean;
  /** The one row that Tab reaches. */
  readonly isTabStop: boolean;
  readonly status: BookmarkStatus;
  readonly isRenaming: boolean;
  readonly drop: DropPlace | null;
  readonly onSelect: () => void;
  readonly onOpen: () => void;
  readonly onToggle: () => void;
  readonly onDisconnect: () => void;
  /** `null`: the old name stays. */
  readonly onRenamed: (name: string | null) => void;
  readonly onDragStart: (event: DragEvent) => void;
  readonly onDragEnd: () => void;
  readonly onDragOver: (event: DragEvent) => void;
  readonly onDrop: (event: DragEvent) => void;
}

const SELF_HOSTED = ['minio', 'ceph', 'generic'];

/** One line of the sidebar. The tree around it handles the keys. */
export function SidebarRowView(props: SidebarRowProps) {
  const { row, isSelected } = props;
  const isFolder = row.kind === 'folder';
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the tree takes the keys of all rows
    <div
      role="treeitem"
      aria-level={isFolder ? 1 : row.level}
      aria-selected={isSelected}
      aria-expanded={isFolder ? row.expanded : undefined}
      tabIndex={props.isTabStop ? 0 : -1}
      data-key={row.key}
      data-drop={props.drop ?? undefined}
      draggable={!isFolder}
      className={classes(styles.row, !isFolder && row.level === 2 && styles.nested)}
      onClick={props.onSelect}
      onDoubleClick={isFolder ? props.onToggle : props.onOpen}
      onContextMenu={props.onSelect}
      onDragStart={props.onDragStart}
      onDragEnd={props.onDragEnd}
      onDragOver={props.onDragOver}
      onDrop={props.onDrop}
    >
      {isFolder ? (
        <FolderRow {...props} row={row} />
      ) : (
        <BookmarkRow {...props} row={row} />
      )}
    </div>
  );
}

function FolderRow({
  row,
  isRenaming,
  onToggle,
  onRenamed,
}: SidebarRowProps & { readonly row: SidebarRow & { readonly kind: 'folder' } }) {
  return (
    <>
      <button
        type="button"
        tabIndex={-1}
        aria-hidden="true"
        className={styles.twist}
        onClick={(event) => {
          event.stopPropagation();
          onToggle();
        }}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        <ChevronRight size={13} className={classes(row.expanded && styles.open)} />
      </button>
      <Folder size={15} aria-hidden="true" className={styles.icon} />
      {isRenaming ? (
        <RenameInput name={row.folder.name} onDone={onRenamed} />
      ) : (
        <span className={styles.name}>{row.folder.name}</span>
      )}
      {!row.expanded && row.count > 0 && (
        <span className={styles.count}>{row.count}</span>
      )}
    </>
  );
}

function BookmarkRow({
  row,
  status,
  onDisconnect,
}: SidebarRowProps & { readonly row: SidebarRow & { readonly kind: 'bookmark' } }) {
  const { bookmark } = row;
  const second = secondaryText(bookmark);
  const Icon = SELF_HOSTED.includes(bookmark.providerId) ? Server : Cloud;
  return (
    <>
      <span data-colour={bookmark.colour} className={styles.mark}>
        <Icon size={16} aria-hidden="true" />
        {status === 'connected' && <span className={styles.connected} />}
      </span>
      <span className={styles.text} title={`${displayName(bookmark)}\n${second}`}>
        <span className={styles.name}>{displayName(bookmark)}</span>
        {second !== '' && <span className={styles.second}>{second}</span>}
        <VisuallyHidden>{spokenState(bookmark, status)}</VisuallyHidden>
      </span>
      <SecretBadge bookmark={bookmark} />
      {status === 'connecting' && <Spinner size={14} />}
      {status === 'connected' && (
        <IconButton
          size="small"
          label="Disconnect"
          tabIndex={-1}
          icon={<Unplug size={13} aria-hidden="true" />}
          className={styles.rowButton}
          onClick={(event) => {
            event.stopPropagation();
            onDisconnect();
          }}
          onDoubleClick={(event) => event.stopPropagation()}
        />
      )}
    </>
  );
}

function SecretBadge({ bookmark }: { readonly bookmark: Bookmark }) {
  if (bookmark.secretStorage === 'unprotected') {
    return (
      <Badge label="The secret is stored without protection">
        <ShieldAlert size={13} />
      </Badge>
    );
  }
  if (bookmark.secretStorage === 'session') {
    return (
      <Badge label="The secret is kept for this session only">
        <Clock size={13} />
      </Badge>
    );
  }
  return null;
}

function Badge({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <Tooltip label={label}>
      <span className={styles.badge} aria-hidden="true">
        {children}
      </span>
    </Tooltip>
  );
}

function RenameInput({
  name,
  onDone,
}: {
  readonly name: string;
  readonly onDone: (name: string | null) => void;
}) {
  const [value, setValue] = useState(name);
  const ref = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  useEffect(() => {
    ref.current?.focus();
    ref.current?.select();
  }, []);
  function finish(next: string | null): void {
    // Enter takes the field away, which then loses the focus: only the first counts.
    if (isDone.current) return;
    isDone.current = true;
    const trimmed = next?.trim() ?? '';
    onDone(trimmed === '' || trimmed === name ? null : trimmed);
  }
  return (
    <input
      ref={ref}
      aria-label="Name of the folder"
      value={value}
      maxLength={200}
      spellCheck={false}
      className={styles.rename}
      onChange={(event) => setValue(event.target.value)}
      onBlur={() => finish(value)}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') finish(value);
        if (event.key === 'Escape') finish(null);
        if (event.key === 'Enter' || event.key === 'Escape') event.preventDefault();
      }}
    />
  );
}

/** What the icons of a bookmark mean, for screen readers. */
function spokenState(bookmark: Bookmark, status: BookmarkStatus): string {
  const parts: string[] = [];
  if (status !== 'idle') parts.push(status);
  if (bookmark.secretStorage === 'unprotected') {
    parts.push('secret stored without protection');
  }
  if (bookmark.secretStorage === 'session') parts.push('secret kept for this session');
  return parts.join(', ');
}
