/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a fieldset would need a legend to see */
import { CircleCheck, CircleHelp, FileMinus, FilePlus, FileX2 } from 'lucide-react';
import { useState } from 'react';
import type {
  VerifyFilter,
  VerifyOutcome,
  VerifyRow,
  VerifyStatus,
} from '../../../shared/domain/verify.ts';
import { deserializeError, serializeError } from '../../../shared/errors/error.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { Format } from '../../../shared/lib/format.ts';
import { errorText } from '../../../shared/messages/errors.en.ts';
import { VERIFY_OUTCOMES, verifyDetail } from '../../../shared/messages/verify.en.ts';
import { useServices } from '../../app/services.ts';
import { useUnfinished } from '../../app/use-unfinished.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { Dialog } from '../../components/dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { RowTable, type TableColumn } from '../records/row-table.tsx';
import {
  type ShownVerification,
  useVerification,
  type VerifyPlace,
} from './use-verification.ts';
import styles from './verify-dialog.module.css';

const COLUMNS: readonly TableColumn[] = [
  { id: 'name', label: 'Name', width: 'minmax(180px, 2fr)' },
  { id: 'outcome', label: 'Result', width: '124px' },
  { id: 'detail', label: 'Detail', width: 'minmax(120px, 1.5fr)' },
  { id: 'size', label: 'Size here', width: '86px', end: true },
];

const TILES: readonly { readonly filter: VerifyFilter; readonly label: string }[] = [
  { filter: 'problems', label: 'All differences' },
  { filter: 'different', label: VERIFY_OUTCOMES.different },
  { filter: 'only-here', label: VERIFY_OUTCOMES['only-here'] },
  { filter: 'only-there', label: VERIFY_OUTCOMES['only-there'] },
  { filter: 'unclear', label: VERIFY_OUTCOMES.unclear },
  { filter: 'equal', label: VERIFY_OUTCOMES.equal },
];

const ICONS: Readonly<Record<VerifyOutcome, typeof FileX2>> = {
  equal: CircleCheck,
  different: FileX2,
  'only-here': FilePlus,
  'only-there': FileMinus,
  unclear: CircleHelp,
};

/** Holds a local folder against a folder of a bucket and shows what differs. */
export function VerifyDialog(props: VerifyPlace & { readonly onClose: () => void }) {
  const { api, format, toasts, reportError } = useServices();
  const [filter, setFilter] = useState<VerifyFilter>('problems');
  const [exporting, setExporting] = useState(false);
  const verification = useVerification(props, filter);
  const { status, verifyId, error } = verification;
  const running = error === null && (status === null || status.state === 'running');
  useUnfinished('verify', running);
  const save = async (): Promise<void> => {
    if (verifyId === null) return;
    setExporting(true);
    try {
      const request = { verifyId, format: 'csv', filter: 'all' } as const;
      const { path, rows } = await api.verify.export(request);
      if (path === null) return;
      const lines = rows === 1 ? '1 line' : `${format.count(rows)} lines`;
      toasts.show({
        tone: 'success',
        title: 'Exported the result',
        description: `${lines} in ${path}.`,
      });
    } finally {
      setExporting(false);
    }
  };
  return (
    <Dialog
      open
      size="large"
      title="Verify with a Local Folder"
      description={
        <>
          {props.folder} <span aria-label="and">↔</span> s3://{props.bucket}/
          {props.prefix}
        </>
      }
      onClose={props.onClose}
      footerStart={
        <Button
          disabled={verifyId === null || running}
          busy={exporting}
          onClick={() => {
            save().catch(reportError);
          }}
        >
          Export CSV…
        </Button>
      }
      footer={
        running ? (
          <Button onClick={verification.cancel} disabled={verifyId === null}>
            Stop
          </Button>
        ) : (
          <Button variant="primary" onClick={props.onClose}>
            Done
          </Button>
        )
      }
    >
      <div className={styles.content}>
        <Progress verification={verification} running={running} format={format} />
        <div className={styles.tiles} role="group" aria-label="Results">
          {TILES.map(({ filter: each, label }) => (
            <button
              key={each}
              type="button"
              aria-pressed={filter === each}
              className={styles.tile}
              onClick={() => setFilter(each)}
            >
              <span className={classes(styles.number, toneOf(each, status))}>
                {status === null ? '–' : format.count(countOf(each, status))}
              </span>
              <span className={styles.label}>{label}</span>
            </button>
          ))}
        </div>
        <div className={styles.table}>
          {verification.total === 0 ? (
            <div className={styles.empty}>
              <EmptyState title={emptyTitle(filter, status, running)} />
            </div>
          ) : (
            <RowTable
              key={filter}
              label="Names"
              columns={COLUMNS}
              minWidth={600}
              rowCount={verification.total}
              rowKey={(index) => String(index)}
              renderCell={(index, column) => (
                <Cell row={verification.row(index)} column={column} format={format} />
              )}
              onRange={verification.show}
            />
          )}
        </div>
      </div>
    </Dialog>
  );
}

function Progress({
  verification,
  running,
  format,
}: {
  readonly verification: ShownVerification;
  readonly running: boolean;
  readonly format: Format;
}) {
  const { status, error } = verification;
  const failure = error ?? (status?.error ? deserializeError(status.error) : null);
  if (failure !== null) {
    const { title, explanation, action } = errorText(serializeError(failure));
    return (
      <Banner tone="error" title={title}>
        {explanation} {action}
      </Banner>
    );
  }
  if (running) {
    return (
      <div className={styles.progress}>
        <ProgressBar value={null} label="Verifying" />
        <p className={styles.line}>
          {status === null ? 'Starting…' : workText(status, format)}
        </p>
      </div>
    );
  }
  if (status === null) return null;
  if (status.state === 'cancelled') {
    return (
      <Banner tone="warning" title="Stopped">
        What was compared until then is shown.
      </Banner>
    );
  }
  const wrong = countOf('problems', status);
  return wrong === 0 ? (
    <Banner tone="success" title="Everything is equal">
      {status.equal === 1 ? '1 file' : `${format.count(status.equal)} files`} compared.
      Nothing was changed on either side.
    </Banner>
  ) : (
    <Banner
      tone={status.different > 0 ? 'warning' : 'info'}
      title={
        wrong === 1 ? '1 name is not equal' : `${format.count(wrong)} names are not equal`
      }
    >
      Nothing was changed on either side.
    </Banner>
  );
}

function Cell({
  row,
  column,
  format,
}: {
  readonly row: VerifyRow | undefined;
  readonly column: string;
  readonly format: Format;
}) {
  if (row === undefined) return null;
  switch (column) {
    case 'name':
      return <span title={row.name}>{row.name}</span>;
    case 'outcome': {
      const Icon = ICONS[row.outcome];
      return (
        <span className={classes(styles.outcome, styles[row.outcome])}>
          <Icon size={13} aria-hidden="true" />
          {VERIFY_OUTCOMES[row.outcome]}
        </span>
      );
    }
    case 'detail': {
      const detail = verifyDetail(row);
      return (
        <span className={styles.faint} title={detail}>
          {detail}
        </span>
      );
    }
    default:
      return (
        <span className={styles.faint}>
          {row.localSize === null ? '–' : format.bytes(row.localSize)}
        </span>
      );
  }
}

function workText(status: VerifyStatus, format: Format): string {
  const compared = countOf('problems', status) + status.equal;
  const parts = [
    `${format.count(status.objects)} objects`,
    `${format.count(status.files)} files`,
    `${format.count(compared)} compared`,
  ];
  if (status.bytesRead > 0) parts.push(`${format.bytes(status.bytesRead)} read`);
  if (status.current !== '') parts.push(status.current);
  return parts.join(' · ');
}

/** How many names a filter shows. */
function countOf(filter: VerifyFilter, status: VerifyStatus): number {
  const { different, onlyHere, onlyThere, unclear, equal } = status;
  switch (filter) {
    case 'different':
      return different;
    case 'only-here':
      return onlyHere;
    case 'only-there':
      return onlyThere;
    case 'unclear':
      return unclear;
    case 'equal':
      return equal;
    case 'problems':
      return different + onlyHere + onlyThere + unclear;
    case 'all':
      return different + onlyHere + onlyThere + unclear + equal;
    default:
      return assertNever(filter);
  }
}

function toneOf(filter: VerifyFilter, status: VerifyStatus | null): string | undefined {
  if (status === null || countOf(filter, status) === 0) return styles.none;
  if (filter === 'different') return styles.different;
  return filter === 'equal' ? styles.equal : undefined;
}

function emptyTitle(
  filter: VerifyFilter,
  status: VerifyStatus | null,
  running: boolean,
): string {
  if (running) return 'Nothing here so far';
  if (filter === 'problems' && status?.state === 'done') return 'No differences';
  return 'None';
}
