import { expect, test } from 'vitest';
import { ConnectionDraft } from '../../../shared/domain/bookmark.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { createBandwidth } from '../bandwidth/bandwidth.ts';
import { createConnectionRegistry } from './registry.ts';

const connectionId = 'c' as ConnectionId;

function config(advanced: Partial<ConnectionDraft['advanced']>) {
  const draft = ConnectionDraft.parse({
    providerId: 'generic',
    nickname: '',
    endpoint: 'http://127.0.0.1',
    accessKeyId: '',
    root: '',
    region: '',
    signature: 'anonymous',
    addressing: 'auto',
    uploadAcl: 'none',
    advanced,
  });
  return { connectionId, draft, credentials: null };
}

test('another limit does not cut what runs over a connection; other settings do', () => {
  const bandwidth = createBandwidth({
    now: Date.now,
    monotonic: () => performance.now(),
    onChange: () => undefined,
  });
  const registry = createConnectionRegistry({ bandwidth });
  registry.configure(config({}));
  const first = registry.get(connectionId);
  registry.configure(config({ uploadLimitKiBs: 10 }));
  expect(registry.get(connectionId)).toBe(first);
  expect(bandwidth.of(connectionId).up.limit).toBe(10);
  expect(bandwidth.of(connectionId).down.isLimited).toBe(false);
  registry.configure(config({ uploadLimitKiBs: 10, maxSockets: 2 }));
  expect(registry.get(connectionId)).not.toBe(first);
  registry.destroy();
});
