import type { Handlers } from '../../../shared/contract/define.ts';
import {
  type EngineCalls,
  engineContract,
  STORAGE_EXIT_CODE,
} from '../../../shared/contract/engine.ts';
import type { ConnectionId, GroupId } from '../../../shared/domain/ids.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { NO_TOTALS } from '../../../shared/testing/totals.ts';
import { forkedProcessAdapter } from '../../rpc/adapters.ts';
import { type CallContext, serveContract } from '../../rpc/serve-contract.ts';

/**
 * A process that speaks the engine's contract and knows no S3: for tests of what main does
 * around the engine. What it does is ruled by what it is asked:
 * - `browse.buckets` lists the connections it was configured with, secrets left out,
 *   and what it heard of the network and of sleep;
 * - `transfers.pause` tells that a transfer runs, `transfers.resume` that none does;
 * - `transfers.retry` announces a finished group;
 * - `verify.close` ends it as one that cannot write its queue does;
 * - `transfers.clear` kills the process; `browse.cancel`, `transfers.copy` and
 *   `transfers.cancel` never answer.
 * `argv[2]` names a connection that pending transfers need, `argv[3]` is `stubborn` for an
 * engine that does not stop.
 */
const [, , pending, manner] = process.argv;
const configured = new Map<string, string>();
let limits = '';
const heard: string[] = [];

function tellRunning(running: number): void {
  server.emit('transfers.changed', {
    from: 1,
    to: 2,
    upserts: [],
    groups: [],
    reload: false,
    progress: new Float64Array([1, 2, 3]),
    totals: { ...NO_TOTALS, running },
  });
}

function unsupported(): never {
  throw new AppError('provider.unsupported');
}

const handlers: Handlers<EngineCalls, CallContext> = {
  'browse.buckets': ({ connectionId }) => {
    if (!configured.has(connectionId)) throw new AppError('connection.not-open');
    const names = [...configured].map(([id, key]) => `${id}:${key}`);
    return {
      listed: true,
      buckets: [...names, ...heard, limits, `pid-${process.pid}`].map((name) => ({
        name,
        createdAt: null,
        added: false,
      })),
    };
  },
  'browse.list': unsupported,
  'browse.cancel': () => new Promise<never>(() => undefined),
  'browse.details': unsupported,
  'browse.urls': unsupported,
  'browse.count': unsupported,
  'browse.createFolder': unsupported,
  'browse.createBucket': unsupported,
  'browse.deleteBucket': () => undefined,
  'transfers.upload': () => ({ groupId: 1 as GroupId }),
  'transfers.download': unsupported,
  'transfers.preview': unsupported,
  'transfers.remove': unsupported,
  'transfers.copy': () => new Promise<never>(() => undefined),
  'transfers.move': unsupported,
  'transfers.pause': () => tellRunning(1),
  'transfers.resume': () => tellRunning(0),
  'transfers.cancel': () => new Promise<never>(() => undefined),
  'transfers.retry': () =>
    server.emit('transfers.groupFinished', {
      groupId: 1 as GroupId,
      kind: 'upload',
      connectionId: 'c' as ConnectionId,
      bucket: 'photos',
      prefix: '',
      target: null,
      done: 3,
      failed: 1,
      skipped: 0,
      cancelled: 0,
      hidden: 0,
      bytes: 10,
    }),
  'transfers.reorder': unsupported,
  'transfers.clear': () => process.exit(7),
  'transfers.answerConflict': unsupported,
  'transfers.page': unsupported,
  'transfers.totals': () => ({ revision: 1, totals: NO_TOTALS }),
  'transfers.nextConflict': () => null,
  'panel.view': unsupported,
  'panel.reorder': unsupported,
  'panel.detail': unsupported,
  'aspects.read': unsupported,
  'aspects.write': unsupported,
  'aspects.earlier': () => [],
  'aspects.changeMany': unsupported,
  'aspects.exposure': unsupported,
  'aspects.anonymous': unsupported,
  'aspects.preflight': unsupported,
  'aspects.sign': unsupported,
  'aspects.testLink': unsupported,
  'engine.configure': ({ connectionId, credentials }) => {
    configured.set(connectionId, credentials?.accessKeyId ?? 'anonymous');
  },
  'engine.forget': ({ connectionId }) => void configured.delete(connectionId),
  'engine.pendingConnections': () =>
    pending === undefined || pending === '' ? [] : [pending as ConnectionId],
  'engine.keylessConnections': () => [],
  'engine.test': () => ({ ok: true, stages: [], learntRegion: null }),
  'engine.cancelTest': () => undefined,
  'engine.setLimits': ({ maxTransfers, partsPerTransfer }) => {
    limits = `limits-${maxTransfers}-${partsPerTransfer}`;
  },
  'engine.setOnline': ({ online }) => void heard.push(online ? 'online' : 'offline'),
  'engine.resumed': () => void heard.push('resumed'),
  'engine.transfer': () => null,
  'engine.receipt': () => null,
  'engine.exportHistory': unsupported,
  'engine.exportVerification': unsupported,
  'requests.page': () => ({ entries: [], newest: 0 }),
  'requests.clear': () => undefined,
  'verify.start': unsupported,
  'verify.status': () => null,
  'verify.page': unsupported,
  'verify.cancel': () => undefined,
  'verify.close': () => process.exit(STORAGE_EXIT_CODE),
  'engine.stage': unsupported,
  'engine.stop': () =>
    manner === 'stubborn' ? new Promise<never>(() => undefined) : undefined,
};

const server = serveContract(engineContract, handlers, forkedProcessAdapter(process));
process.once('disconnect', () => process.exit(0));
