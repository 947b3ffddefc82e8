import { useEffect, useState } from 'react';
import type { TransferDetail } from '../../../shared/domain/panel.ts';
import type { TransferRow } from '../../../shared/domain/transfer.ts';
import type { Format } from '../../../shared/lib/format.ts';
import { errorText } from '../../../shared/messages/errors.en.ts';
import { useServices } from '../../app/services.ts';
import { Button } from '../../components/button.tsx';
import { Popover } from '../../components/popover.tsx';
import { displayName } from '../browser/model/display-name.ts';
import { checkText } from './check-text.ts';
import styles from './transfer-details.module.css';

/** Props of {@link TransferDetails}. */
export interface TransferDetailsProps {
  readonly row: TransferRow;
  readonly anchor: Element | null;
  readonly onClose: () => void;
}

/** Everything that is known of one transfer, to read and to copy. */
export function TransferDetails({ row, anchor, onClose }: TransferDetailsProps) {
  const { api, format, reportError } = useServices();
  const [detail, setDetail] = useState<TransferDetail | null>(null);
  useEffect(() => {
    let gone = false;
    api.panel
      .detail({ id: row.id })
      .then((found) => {
        if (!gone) setDetail(found);
        return undefined;
      })
      .catch(reportError);
    return () => {
      gone = true;
    };
  }, [api, reportError, row.id]);
  const facts = factsOf(row, detail, format);
  const error = row.error === null ? null : errorText(row.error);
  return (
    <Popover
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={displayName(row.name)}
      anchor={anchor}
      align="center"
    >
      {error !== null && (
        <div className={styles.error}>
          <p className={styles.what}>{error.title}</p>
          <p>{error.explanation}</p>
          <p>{error.action}</p>
        </div>
      )}
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.footer}>
        <Button
          onClick={() => {
            const lines = [
              ...(error === null ? [] : [error.title, error.explanation, error.action]),
              ...facts.map(([name, value]) => `${name}: ${value}`),
            ];
            api.app.copyText({ text: lines.join('\n') }).catch(reportError);
          }}
        >
          Copy Details
        </Button>
      </div>
    </Popover>
  );
}

/** The facts by name, those that are known. */
export function factsOf(
  row: TransferRow,
  detail: TransferDetail | null,
  format: Format,
): readonly (readonly [string, string])[] {
  const remote = `${row.bucket}/${displayName(row.key)}`;
  const download = row.kind === 'download';
  const parts =
    detail === null || detail.partSize === null || detail.partCount === null
      ? ''
      : `${format.count(detail.partsDone)} of ${format.count(detail.partCount)}, ${format.bytes(detail.partSize)} each`;
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['From', download || row.localPath === null ? remote : row.localPath],
    ['To', download ? row.localPath : row.kind === 'upload' ? remote : row.targetKey],
    ['Size', row.bytesTotal === null ? '' : format.bytesExact(row.bytesTotal)],
    ['Check', checkText(row.integrity)],
    ['Parts', parts],
    ['Upload ID', shorten(detail?.uploadId ?? '')],
    ['Part checksums', detail?.checksumAlgorithm],
    ['ETag', detail?.etag],
    ['Temporary file', detail?.tempPath],
    [
      'Attempts that failed',
      row.attempt > 0 && row.error !== null ? `${row.attempt}` : '',
    ],
    ['Server said', serverSaid(row)],
    ['Request', row.error?.provider?.requestId],
    ['Added', format.dateExact(row.createdAt)],
    ['Ended', row.finishedAt === null ? '' : format.dateExact(row.finishedAt)],
    ['Note', row.note],
  ];
  return facts.flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, value] as const],
  );
}

function serverSaid({ error }: TransferRow): string {
  const provider = error?.provider;
  if (provider === undefined) return '';
  const status = provider.httpStatus === undefined ? '' : `HTTP ${provider.httpStatus}`;
  return [provider.service, status, provider.message].filter(Boolean).join(' · ');
}

/** The ends of an identifier that nobody reads whole. */
function shorten(text: string): string {
  return text.length <= 24 ? text : `${text.slice(0, 12)}…${text.slice(-8)}`;
}
