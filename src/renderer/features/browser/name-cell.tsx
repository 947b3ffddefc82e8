import { assertNever } from '../../../shared/lib/assert-never.ts';
import { FileIcon } from '../../components/file-icon.tsx';
import { type FileKind, fileKind } from '../../components/file-kind.ts';
import { VisuallyHidden } from '../../components/visually-hidden.tsx';
import type { Row } from './model/columns.ts';
import { EMPTY_NAME, FOLDER_OBJECT, splitForEllipsis } from './model/display-name.ts';
import styles from './name-cell.module.css';

/** The icon of a row. */
export function iconKind(row: Row): FileKind {
  switch (row.kind) {
    case 'folder':
      return 'folder';
    case 'bucket':
      return 'bucket';
    case 'folder-object':
      return 'file';
    case 'file':
      return fileKind(row.name);
    default:
      return assertNever(row.kind);
  }
}

/** Icon and name of a row; a long name is cut in the middle, so that its end is seen. */
export function NameCell(props: {
  readonly row: Row;
  /** It was cut: pasting takes it away from here. */
  readonly isCut?: boolean;
}) {
  const { row } = props;
  const placeholder = row.name === EMPTY_NAME || row.name === FOLDER_OBJECT;
  const { head, tail } = splitForEllipsis(row.name);
  return (
    <span
      className={styles.cell}
      title={row.name}
      data-drag=""
      data-cut={props.isCut === true ? '' : undefined}
    >
      <span className={styles.icon}>
        <FileIcon kind={iconKind(row)} />
      </span>
      {tail !== '' && <VisuallyHidden>{row.name}</VisuallyHidden>}
      <span
        // Head and tail stand in the order of the name's own writing.
        dir="auto"
        className={placeholder ? styles.placeholder : styles.name}
        aria-hidden={tail !== ''}
      >
        <span className={styles.head}>{head}</span>
        {tail !== '' && <span className={styles.tail}>{tail}</span>}
      </span>
    </span>
  );
}
