import { useStore } from 'zustand';
import { useServices } from '../../app/services.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Mark } from '../../components/mark.tsx';
import { QuickConnectBar } from '../connect/quick-connect-bar.tsx';
import styles from './welcome-view.module.css';

/** What fills the window before there is a connection. */
export function WelcomeView() {
  const { commands, bookmarks, navigation } = useServices();
  const first = useStore(
    bookmarks.store,
    (state) => state.state !== null && state.state.bookmarks.length === 0,
  );
  return (
    <div className={styles.welcome}>
      <div className={styles.intro}>
        <EmptyState
          icon={<Mark size={56} />}
          title={first ? 'Welcome to Dipper' : 'Not connected'}
          actions={
            <Button variant="primary" onClick={() => commands.run('bookmark.new')}>
              New Bookmark…
            </Button>
          }
        >
          {first
            ? 'Connect to Amazon S3, Cloudflare R2, MinIO or any other S3 service. A bookmark keeps the connection for next time.'
            : 'Choose a bookmark in the sidebar, or connect to another server.'}
        </EmptyState>
      </div>
      <section className={styles.quick} aria-label="Connect once">
        <h2 className={styles.heading}>Or connect once, without a bookmark</h2>
        <QuickConnectBar
          onConnect={(draft, secret) => navigation.openQuick(draft, secret)}
        />
      </section>
    </div>
  );
}
