import { ArrowDownUp } from 'lucide-react';
import { useStore } from 'zustand';
import { useServices } from '../../app/services.ts';
import { classes } from '../../components/classes.ts';
import { Tooltip } from '../../components/tooltip.tsx';
import { VisuallyHidden } from '../../components/visually-hidden.tsx';
import { totalsText } from './describe.ts';
import styles from './transfer-totals.module.css';
import { useTimeLeft } from './use-time-left.ts';

const RADIUS = 7;
const ROUND = 2 * Math.PI * RADIUS;

/** The queue in one button: a ring that fills, how many, how fast, how long. */
export function TransferTotals() {
  const { commands, settings } = useServices();
  const visible = useStore(
    settings.store,
    (state) => state.settings?.transfersVisible ?? false,
  );
  return (
    <Tooltip label="Transfers" shortcut={commands.spec('view.transfers').shortcut}>
      <button
        type="button"
        className={classes(styles.totals, visible && styles.open)}
        aria-pressed={visible}
        onClick={() => commands.run('view.transfers')}
      >
        <VisuallyHidden>Transfers</VisuallyHidden>
        <Figures />
      </button>
    </Tooltip>
  );
}

/** What changes ten times a second: the tooltip around it is not drawn again for that. */
function Figures() {
  const { transfers, format } = useServices();
  const totals = useStore(transfers.store, (state) => state.totals);
  const left = useTimeLeft(totals?.secondsLeft ?? null);
  const summary = totals === null ? null : totalsText(totals, format, left);
  return (
    <>
      {summary?.active === true ? (
        <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
          <circle className={styles.track} cx="9" cy="9" r={RADIUS} />
          <circle
            className={styles.ring}
            cx="9"
            cy="9"
            r={RADIUS}
            strokeDasharray={ROUND}
            strokeDashoffset={ROUND * (1 - summary.share)}
            transform="rotate(-90 9 9)"
          />
        </svg>
      ) : (
        <ArrowDownUp size={16} strokeWidth={1.75} aria-hidden="true" />
      )}
      {summary?.active === true && <span className={styles.text}>{summary.text}</span>}
      {totals !== null && totals.failed > 0 && (
        <span className={styles.failed}>
          {format.count(totals.failed)}
          <VisuallyHidden> failed</VisuallyHidden>
        </span>
      )}
    </>
  );
}
