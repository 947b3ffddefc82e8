import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { useServices } from '../../app/services.ts';
import { classes } from '../../components/classes.ts';
import { FileIcon } from '../../components/file-icon.tsx';
import type { FileKind } from '../../components/file-kind.ts';
import { IconButton } from '../../components/icon-button.tsx';
import styles from './inspector.module.css';
import { useLoaded } from './use-loaded.ts';

/** Icon and name at the top of the inspector. */
export function Title({
  kind,
  name,
  note,
  badge,
}: {
  readonly kind: FileKind;
  readonly name: string;
  readonly note: string;
  /** Beside the note. */
  readonly badge?: ReactNode;
}) {
  return (
    <div className={styles.title}>
      <FileIcon kind={kind} size={32} />
      <div className={styles.titleText}>
        <h2 className={styles.name} title={name}>
          {name}
        </h2>
        <div className={styles.noteLine}>
          <p className={styles.note}>{note}</p>
          {badge}
        </div>
      </div>
    </div>
  );
}

/** A block of facts under a heading. */
export function Facts({
  title,
  children,
}: {
  readonly title?: string;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles.facts}>
      {title !== undefined && <h3 className={styles.heading}>{title}</h3>}
      <FactList>{children}</FactList>
    </div>
  );
}

/** Facts without a heading. */
export function FactList({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.list}>{children}</dl>;
}

/** One fact; nothing when there is no value. */
export function Fact({
  label,
  value,
  title,
  code = false,
  copy = false,
  wide = false,
}: {
  readonly label: string;
  readonly value: string | null;
  /** More exact, on hover. */
  readonly title?: string;
  /** Monospaced. */
  readonly code?: boolean;
  /** With a button that copies it. */
  readonly copy?: boolean;
  /** Under its label, over the whole width: for addresses and keys. */
  readonly wide?: boolean;
}) {
  const { api, toasts, reportError } = useServices();
  if (value === null || value === '') return null;
  return (
    <div className={classes(styles.fact, wide && styles.wide)}>
      <dt className={styles.label}>{label}</dt>
      <dd className={styles.value}>
        <span className={code ? styles.code : styles.plain} title={title}>
          {value}
        </span>
        {copy && (
          <IconButton
            size="small"
            label={`Copy ${label}`}
            icon={<Copy size={13} aria-hidden="true" />}
            onClick={() => {
              api.app
                .copyText({ text: value })
                .then(() => toasts.show({ tone: 'success', title: `Copied: ${label}` }))
                .catch(reportError);
            }}
          />
        )}
      </dd>
    </div>
  );
}

/** The addresses of an object or folder, each with a copy button. */
export function Addresses({
  connectionId,
  bucket,
  objectKey,
}: {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  readonly objectKey: string;
}) {
  const { api } = useServices();
  const { value: urls } = useLoaded(
    () => api.browse.urls({ connectionId, bucket, key: objectKey }),
    JSON.stringify([connectionId, bucket, objectKey]),
  );
  if (urls === null) return null;
  return (
    <Facts title="Addresses">
      <Fact label="s3:// path" value={urls.s3} code copy wide />
      <Fact label="URL, path style" value={urls.pathStyle} code copy wide />
      <Fact label="URL, virtual host" value={urls.virtualHost} code copy wide />
    </Facts>
  );
}
