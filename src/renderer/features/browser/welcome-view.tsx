import { Waves } from 'lucide-react';
import { useStore } from 'zustand';
import { useServices } from '../../app/services.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import styles from './welcome-view.module.css';

/** What fills the window before there is a connection. */
export function WelcomeView() {
  const { commands, bookmarks } = useServices();
  const first = useStore(
    bookmarks.store,
    (state) => state.state !== null && state.state.bookmarks.length === 0,
  );
  return (
    <div className={styles.welcome}>
      <EmptyState
        icon={<Waves size={44} strokeWidth={1.3} />}
        title={first ? 'Welcome to Dipper' : 'Not connected'}
        actions={
          <>
            <Button onClick={() => commands.run('connection.quick')}>
              Quick Connect…
            </Button>
            <Button variant="primary" onClick={() => commands.run('bookmark.new')}>
              New Bookmark…
            </Button>
          </>
        }
      >
        {first
          ? 'Connect to Amazon S3, Cloudflare R2, MinIO or any other S3 service. A bookmark keeps the connection for next time.'
          : 'Choose a bookmark in the sidebar, or connect to another server.'}
      </EmptyState>
    </div>
  );
}
