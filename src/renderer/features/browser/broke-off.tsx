import { useStore } from 'zustand';
import { serializeError } from '../../../shared/errors/error.ts';
import { errorText } from '../../../shared/messages/errors.en.ts';
import { useServices } from '../../app/services.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import styles from './browser-view.module.css';

/** Why the rows on screen are not all, or not the latest; nothing when all is well. */
export function BrokeOff() {
  const { pane, commands } = useServices();
  const phase = useStore(pane.store, (state) => state.phase);
  const error = useStore(pane.store, (state) => state.error);
  const stale = useStore(pane.store, (state) => state.stale);
  if (phase !== 'failed' || !error) return null;
  const text = errorText(serializeError(error));
  return (
    <div className={styles.brokeOff}>
      <Banner
        tone="error"
        title={`${stale ? 'Not refreshed' : 'The list is not complete'}: ${text.title}`}
        actions={<Button onClick={() => commands.run('view.refresh')}>Try Again</Button>}
      >
        <p>{[text.explanation, text.action].filter(Boolean).join(' ')}</p>
      </Banner>
    </div>
  );
}
