import { useState } from 'react';
import { useStore } from 'zustand';
import type { Settings } from '../../shared/domain/settings.ts';
import { SplitHandle } from '../components/split-handle.tsx';
import { VisuallyHidden } from '../components/visually-hidden.tsx';
import { BrowserView } from '../features/browser/browser-view.tsx';
import { Toolbar } from '../features/browser/toolbar.tsx';
import { WelcomeView } from '../features/browser/welcome-view.tsx';
import { Inspector } from '../features/inspector/inspector.tsx';
import { RequestLogPanel } from '../features/requests/request-log-panel.tsx';
import { TransfersPanel } from '../features/transfers/transfers-panel.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { useServices } from './services.ts';
import styles from './shell.module.css';
import { Sidebar } from './sidebar.tsx';

/** Sizes of the panes until the settings are there. */
const USUAL = {
  sidebarWidth: 220,
  inspectorWidth: 300,
  transfersHeight: 220,
  requestsHeight: 240,
} as const;

type PaneSize = keyof typeof USUAL;

/** Below these nothing in them can be used. */
const LEAST: Readonly<Record<PaneSize, number>> = {
  sidebarWidth: 160,
  inspectorWidth: 220,
  transfersHeight: 120,
  requestsHeight: 120,
};

/** The size of a pane: follows the hand at once, the settings when it lets go. */
function usePaneSize(key: PaneSize): {
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly onCommit: (value: number) => void;
} {
  const { settings } = useServices();
  const saved = useStore(settings.store, (state) => state.settings?.[key] ?? USUAL[key]);
  /** While it is being dragged. */
  const [dragged, setDragged] = useState<number | null>(null);
  return {
    // What another version or another screen left may be too little to see anything in.
    value: Math.max(LEAST[key], dragged ?? saved),
    onChange: setDragged,
    onCommit: (size) => {
      settings.change({ [key]: size });
      setDragged(null);
    },
  };
}

function useVisible(key: keyof Settings & `${string}Visible`, usual: boolean): boolean {
  const { settings } = useServices();
  return useStore(settings.store, (state) => state.settings?.[key] ?? usual);
}

/** What the window shows, for screen readers. */
function WindowHeading() {
  const { pane, connections } = useServices();
  const location = useStore(pane.store, (state) => state.location);
  const place =
    location === null
      ? 'Dipper'
      : (location.bucket ?? connections.get(location.connectionId)?.title ?? 'Dipper');
  return (
    <VisuallyHidden>
      <h1>{place}</h1>
    </VisuallyHidden>
  );
}

/** The panes of the window: sidebar, toolbar, list, inspector, transfers. */
export function Shell() {
  const { pane } = useServices();
  const connected = useStore(pane.store, (state) => state.location !== null);
  const sidebar = useVisible('sidebarVisible', true);
  const inspector = useVisible('inspectorVisible', false);
  const transfers = useVisible('transfersVisible', false);
  const requests = useVisible('requestsVisible', false);
  const sidebarSize = usePaneSize('sidebarWidth');
  const inspectorSize = usePaneSize('inspectorWidth');
  const transfersSize = usePaneSize('transfersHeight');
  const requestsSize = usePaneSize('requestsHeight');
  return (
    <div className={styles.window}>
      {sidebar && (
        <>
          <aside
            className={styles.sidebar}
            style={{ width: sidebarSize.value }}
            aria-label="Bookmarks"
            data-focus-zone="sidebar"
          >
            <ErrorBoundary part="The bookmarks">
              <Sidebar />
            </ErrorBoundary>
          </aside>
          <SplitHandle
            {...sidebarSize}
            orientation="vertical"
            pane="before"
            min={LEAST.sidebarWidth}
            max={420}
            initial={USUAL.sidebarWidth}
            label="Width of the sidebar"
          />
        </>
      )}
      <div className={styles.main}>
        <header className={styles.header}>
          <WindowHeading />
          <Toolbar />
        </header>
        <div className={styles.middle}>
          <main className={styles.list} data-focus-zone="list">
            <ErrorBoundary part="The list">
              {connected ? <BrowserView /> : <WelcomeView />}
            </ErrorBoundary>
          </main>
          {inspector && (
            <>
              <SplitHandle
                {...inspectorSize}
                orientation="vertical"
                pane="after"
                min={LEAST.inspectorWidth}
                max={560}
                initial={USUAL.inspectorWidth}
                label="Width of the inspector"
              />
              <aside
                className={styles.inspector}
                style={{ width: inspectorSize.value }}
                aria-label="Inspector"
                data-focus-zone="inspector"
              >
                <ErrorBoundary part="The inspector">
                  <Inspector />
                </ErrorBoundary>
              </aside>
            </>
          )}
        </div>
        {transfers && (
          <>
            <SplitHandle
              {...transfersSize}
              orientation="horizontal"
              pane="after"
              min={LEAST.transfersHeight}
              max={600}
              initial={USUAL.transfersHeight}
              label="Height of the transfers"
            />
            <section
              className={styles.transfers}
              style={{ height: transfersSize.value }}
              aria-label="Transfers"
              data-focus-zone="transfers"
            >
              <ErrorBoundary part="The transfers">
                <TransfersPanel />
              </ErrorBoundary>
            </section>
          </>
        )}
        {requests && (
          <>
            <SplitHandle
              {...requestsSize}
              orientation="horizontal"
              pane="after"
              min={LEAST.requestsHeight}
              max={600}
              initial={USUAL.requestsHeight}
              label="Height of the request log"
            />
            <section
              className={styles.transfers}
              style={{ height: requestsSize.value }}
              aria-label="Request Log"
              data-focus-zone="requests"
            >
              <ErrorBoundary part="The request log">
                <RequestLogPanel />
              </ErrorBoundary>
            </section>
          </>
        )}
      </div>
    </div>
  );
}
