import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type {
  VerifyFilter,
  VerifyRow,
  VerifyStatus,
} from '../../../shared/domain/verify.ts';
import { AppError } from '../../../shared/errors/error.ts';
import { useServices } from '../../app/services.ts';
import { toAppError } from '../../bridge/api.ts';

/** How often the engine is asked while it runs, ms. */
const ASK_EVERY_MS = 300;
/** Rows fetched at a time, and kept around what one sees. */
const PAGE = 200;

/** What is compared. */
export interface VerifyPlace {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  readonly prefix: string;
  readonly folder: string;
}

/** A verification as the dialog shows it. */
export interface ShownVerification {
  readonly verifyId: string | null;
  readonly status: VerifyStatus | null;
  /** It could not begin, or is gone. */
  readonly error: AppError | null;
  readonly total: number;
  readonly row: (index: number) => VerifyRow | undefined;
  /** Rows from here to there are in view. */
  readonly show: (first: number, last: number) => void;
  readonly cancel: () => void;
}

interface Page {
  readonly key: string;
  readonly offset: number;
  readonly total: number;
  readonly rows: readonly VerifyRow[];
}

const NO_PAGE: Page = { key: '', offset: 0, total: 0, rows: [] };

/** Starts a verification, follows it, and closes it with the dialog. */
export function useVerification(
  place: VerifyPlace,
  filter: VerifyFilter,
): ShownVerification {
  const { api } = useServices();
  const { connectionId, bucket, prefix, folder } = place;
  const [verifyId, setVerifyId] = useState<string | null>(null);
  const [status, setStatus] = useState<VerifyStatus | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [page, setPage] = useState<Page>(NO_PAGE);
  const [wanted, setWanted] = useState(0);

  useEffect(() => {
    let open = true;
    let id: string | null = null;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const fail = (reason: unknown): void => {
      if (open) setError(toAppError(reason));
    };
    const follow = async (): Promise<void> => {
      if (id === null) return;
      const now = await api.verify.status({ verifyId: id });
      if (!open) return;
      // The engine was started anew.
      if (now === null) throw new AppError('engine.gone');
      setStatus(now);
      if (now.state === 'running') {
        timer = setTimeout(() => void follow().catch(fail), ASK_EVERY_MS);
      }
    };
    const begin = async (): Promise<void> => {
      ({ verifyId: id } = await api.verify.start({
        connectionId,
        bucket,
        prefix,
        folder,
      }));
      if (!open) {
        await api.verify.close({ verifyId: id });
        return;
      }
      setVerifyId(id);
      await follow();
    };
    begin().catch(fail);
    return () => {
      open = false;
      if (timer !== null) clearTimeout(timer);
      if (id !== null) api.verify.close({ verifyId: id }).catch(() => undefined);
    };
  }, [api, connectionId, bucket, prefix, folder]);

  // Every look at a running one may find more.
  const stamp =
    status === null
      ? ''
      : `${status.equal} ${status.different} ${status.onlyHere} ${status.onlyThere} ${status.unclear}`;
  useEffect(() => {
    if (verifyId === null || stamp === '') return undefined;
    let current = true;
    const offset = Math.max(0, wanted - PAGE / 2);
    api.verify
      .page({ verifyId, filter, offset, limit: PAGE * 2 })
      .then(({ total, rows }) => {
        if (current) setPage({ key: filter, offset, total, rows });
        return undefined;
      })
      .catch((reason: unknown) => {
        if (current) setError(toAppError(reason));
      });
    return () => {
      current = false;
    };
  }, [api, verifyId, filter, stamp, wanted]);

  const latest = useRef(page);
  useLayoutEffect(() => {
    latest.current = page;
  });
  const show = useCallback((first: number, last: number) => {
    const { offset, rows, total } = latest.current;
    const inside = first >= offset && (last < offset + rows.length || last >= total - 1);
    if (!inside) setWanted(Math.floor(first / (PAGE / 2)) * (PAGE / 2));
  }, []);
  return {
    verifyId,
    status,
    error,
    total: page.key === filter ? page.total : 0,
    row: (index) => page.rows[index - page.offset],
    show,
    cancel: () => {
      if (verifyId !== null) {
        api.verify.cancel({ verifyId }).catch((reason: unknown) => {
          setError(toAppError(reason));
        });
      }
    },
  };
}
