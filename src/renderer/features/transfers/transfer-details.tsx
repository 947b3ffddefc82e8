import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { TransferDetail } from '../../../shared/domain/panel.ts';
import type { Receipt } from '../../../shared/domain/receipt.ts';
import type { TransferRow } from '../../../shared/domain/transfer.ts';
import type { Format } from '../../../shared/lib/format.ts';
import { errorText } from '../../../shared/messages/errors.en.ts';
import { checkDetail, receiptText } from '../../../shared/messages/integrity.en.ts';
import { useServices } from '../../app/services.ts';
import { Button } from '../../components/button.tsx';
import { Popover } from '../../components/popover.tsx';
import { displayName } from '../browser/model/display-name.ts';
import { targetOf } from './describe.ts';
import styles from './transfer-details.module.css';

/** Between two looks at how many parts are there, ms. */
const LOOK_MS = 1_000;

/** Props of {@link TransferDetails}. */
export interface TransferDetailsProps {
  readonly row: TransferRow;
  readonly anchor: Element | null;
  readonly onClose: () => void;
}

/** Everything that is known of one transfer, to read and to copy. */
export function TransferDetails(props: TransferDetailsProps) {
  const { anchor, onClose } = props;
  const { api, format, reportError, transfers } = useServices();
  const live = useStore(transfers.store, ({ entries }) =>
    entries.find((entry) => entry.type === 'row' && entry.row.id === props.row.id),
  );
  const row = live?.type === 'row' ? live.row : props.row;
  const [detail, setDetail] = useState<TransferDetail | null>(null);
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  useEffect(() => {
    let gone = false;
    const ask = (): void => {
      Promise.all([
        api.panel.detail({ id: row.id }),
        row.state === 'done' ? api.transfers.receipt({ id: row.id }) : null,
      ])
        .then(([found, kept]) => {
          if (gone) return undefined;
          setDetail(found);
          setReceipt(kept);
          return undefined;
        })
        .catch(reportError);
    };
    ask();
    // Parts are finished while one looks.
    const timer = row.state === 'running' ? setInterval(ask, LOOK_MS) : undefined;
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [api, reportError, row.id, row.state]);
  const facts = factsOf(row, detail, receipt, format);
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
      focusesWhole
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
        {receipt !== null && (
          <Button
            onClick={() => {
              api.app.copyText({ text: receiptText(receipt) }).catch(reportError);
            }}
          >
            Copy Receipt
          </Button>
        )}
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
  receipt: Receipt | null,
  format: Format,
): readonly (readonly [string, string])[] {
  const remote = `${row.bucket}/${displayName(row.key)}`;
  const download = row.kind === 'download';
  const parts =
    detail === null || detail.partSize === null || detail.partCount === null
      ? (receipt?.partSize ?? 0) > 0
        ? `${format.bytes(receipt?.partSize ?? 0)} each`
        : ''
      : `${format.count(detail.partsDone)} of ${format.count(detail.partCount)}, ${format.bytes(detail.partSize)} each`;
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['From', download || row.localPath === null ? remote : row.localPath],
    ['To', download ? row.localPath : row.kind === 'upload' ? remote : targetOf(row)],
    ['Size', row.bytesTotal === null ? '' : format.bytesExact(row.bytesTotal)],
    ['Checked', checkDetail(row.integrity)],
    ['Checksums', receipt?.checksums],
    ['Parts', parts],
    ['Upload ID', shorten(detail?.uploadId ?? '')],
    ['Part checksums', detail?.checksumAlgorithm],
    ['ETag', receipt?.etag ?? detail?.etag],
    ['Version', receipt?.versionId],
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
