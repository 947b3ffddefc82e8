/* oxlint-disable jsx-a11y/prefer-tag-over-role -- an output belongs to a form; this is a status */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useServices } from '../../app/services.ts';
import { Button } from '../../components/button.tsx';
import { Spinner } from '../../components/spinner.tsx';
import styles from './status-line.module.css';

/** The line under the list: how much there is, how much is selected, what goes on. */
export function StatusLine() {
  const { pane, commands, format } = useServices();
  const model = useStore(pane.store, (state) => state.model);
  const version = useStore(pane.store, (state) => state.version);
  const phase = useStore(pane.store, (state) => state.phase);
  const stale = useStore(pane.store, (state) => state.stale);
  const refreshing = useStore(pane.store, (state) => state.refreshing);
  const rows = useStore(pane.store, (state) => state.selection.rows);
  const listed = useStore(pane.store, (state) => state.bucketsListed);
  const filter = useStore(pane.store, (state) => state.filter.text);
  const buckets = useStore(pane.store, (state) => state.location?.bucket === null);

  const bytes = useMemo(() => {
    let sum = 0;
    if (model) for (const row of rows) sum += Math.max(0, model.columns.sizeOf(row));
    return sum;
  }, [model, rows]);
  // Recounted when rows come in, which `version` tells.
  const shown = useMemo(
    () => ({ count: model?.length ?? 0, loaded: model?.loaded ?? 0, version }),
    [model, version],
  );

  // Where nothing could be listed, none is not what there is.
  const unknown = shown.loaded === 0 && (phase === 'failed' || !listed);
  const noun = buckets ? ['bucket', 'buckets'] : ['item', 'items'];
  const some = (count: number): string =>
    `${format.count(count)} ${count === 1 ? noun[0] : noun[1]}`;
  const parts: string[] = [];
  if (phase === 'loading' && !refreshing) {
    parts.push(
      shown.loaded === 0
        ? 'Listing…'
        : `${format.count(shown.loaded)} loaded, still listing…`,
    );
  } else if (filter !== '') {
    parts.push(`${some(shown.count)} of ${format.count(shown.loaded)}`);
  } else if (!unknown) parts.push(some(shown.count));
  if (phase === 'stopped') parts.push('listing stopped');
  if (phase === 'failed' && shown.loaded > 0) {
    parts.push(stale ? 'not refreshed' : 'listing broke off');
  }
  if (rows.size > 0) {
    parts.push(`${format.count(rows.size)} selected`);
    if (bytes > 0) parts.push(format.bytes(bytes));
  }
  const hidden = (model?.excluded ?? 0) > 0 && filter === '' && phase !== 'loading';
  return (
    <div className={styles.line}>
      {phase === 'loading' && <Spinner size={12} />}
      <span role="status" className={styles.text} data-testid="status-line">
        {parts.join(', ')}
      </span>
      {hidden && (
        <Button variant="plain" onClick={() => commands.run('view.hidden')}>
          {`${format.count(model?.excluded ?? 0)} hidden`}
        </Button>
      )}
      {phase === 'loading' && !refreshing && shown.loaded > 0 && (
        <Button variant="plain" onClick={() => commands.run('view.stop')}>
          Stop
        </Button>
      )}
      {(phase === 'stopped' || (phase === 'failed' && shown.loaded > 0)) && (
        <Button variant="plain" onClick={() => commands.run('view.refresh')}>
          List Again
        </Button>
      )}
    </div>
  );
}
