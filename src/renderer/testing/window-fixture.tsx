import type { ReactNode } from 'react';
import { render } from 'vitest-browser-react';
import type { ConnectionInfo } from '../../shared/contract/connections.ts';
import type { PanelPage } from '../../shared/contract/panel.ts';
import type { ConnectionId } from '../../shared/domain/ids.ts';
import type { ListingPage } from '../../shared/domain/listing.ts';
import type { PanelEntry } from '../../shared/domain/panel.ts';
import { linesOf } from '../../shared/domain/panel-lines.ts';
import { Settings } from '../../shared/domain/settings.ts';
import { NO_TOTALS } from '../../shared/testing/totals.ts';
import { createWindowApp } from '../app/create-window.ts';
import { type Services, ServicesProvider } from '../app/services.ts';
import { UiProvider } from '../components/ui-provider.tsx';
import { createFakeBridge, type FakeAnswers, type FakeBridge } from './fake-bridge.ts';

/** A connection to work with in tests. */
export const CONNECTION: ConnectionInfo = {
  connectionId: 'c1' as ConnectionId,
  bookmarkId: null,
  title: 'Test',
  endpoint: 'https://s3.example.com',
  region: 'eu-1',
  rootBucket: null,
  rootPrefix: '',
  anonymous: false,
};

/** A page of the transfers panel: these entries from the first line on. */
export function panelPage(entries: readonly PanelEntry[]): PanelPage {
  const rows = entries.filter(({ type }) => type === 'row').length;
  return {
    revision: 1,
    lines: entries.reduce((sum, entry) => sum + linesOf(entry), 0),
    offset: 0,
    entries: [...entries],
    counts: { all: rows, active: rows, failed: 0, finished: 0 },
    searching: false,
    capped: false,
  };
}

/** A page of a listing with files of one byte each. */
export function listingPage(
  prefixes: readonly string[],
  keys: readonly string[],
): ListingPage {
  return {
    prefixes: [...prefixes],
    keys: [...keys],
    sizes: new Float64Array(keys.length).fill(1_000),
    modified: new Float64Array(keys.length).fill(1_700_000_000_000),
    classes: ['STANDARD'],
    classIndex: new Uint8Array(keys.length),
    cursor: null,
  };
}

/** The services of a window over a fake bridge, around a part of it. */
export async function renderInWindow(
  part: ReactNode | ((services: Services) => ReactNode),
  answers: FakeAnswers = {},
): Promise<{ readonly services: Services; readonly fake: FakeBridge }> {
  const fake = createFakeBridge({
    'settings.snapshot': () => SETTINGS,
    'settings.change': (patch) => Object.assign({ ...SETTINGS }, patch),
    'bookmarks.snapshot': () => ({ revision: 1, folders: [], bookmarks: [] }),
    'transfers.totals': () => ({ revision: 1, totals: NO_TOTALS }),
    'panel.view': () => panelPage([]),
    'transfers.nextConflict': () => null,
    'app.info': () => ({
      version: '0',
      platform: 'linux',
      downloadsFolder: '/home/me/Downloads',
      notices: [],
    }),
    'app.setCommandStates': () => undefined,
    'app.setTitle': () => undefined,
    'app.setUnfinished': () => undefined,
    'browse.cancel': () => undefined,
    ...answers,
  });
  const { services } = createWindowApp(fake.bridge, window);
  services.connections.add(CONNECTION);
  await render(
    <ServicesProvider value={services}>
      <UiProvider platform="linux" toasts={services.toasts}>
        <div style={{ height: 600, display: 'flex', flexDirection: 'column' }}>
          {typeof part === 'function' ? part(services) : part}
        </div>
      </UiProvider>
    </ServicesProvider>,
  );
  return { services, fake };
}

const SETTINGS = {
  ...Settings.parse({}),
  theme: 'light',
  showHidden: false,
  confirmDelete: true,
  uploadConflict: 'ask',
  downloadConflict: 'ask',
  notifyWhenDone: true,
  downloadFolder: '/downloads',
  maxTransfers: 8,
  partsPerTransfer: 4,
  sidebarVisible: true,
  inspectorVisible: false,
  transfersVisible: false,
  sidebarWidth: 220,
  inspectorWidth: 300,
  transfersHeight: 220,
  columnWidths: {},
} as const;
