import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Handlers, RequestOf, ResponseOf } from '../../../shared/contract/define.ts';
import {
  type Credentials,
  type EngineCalls,
  engineContract,
} from '../../../shared/contract/engine.ts';
import type { ConnectionDraft } from '../../../shared/domain/bookmark.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { CallContext } from '../../rpc/serve-contract.ts';
import { openEarlierStore } from '../database/earlier-store.ts';
import { openLooseUploadStore } from '../database/loose-upload-store.ts';
import { openDatabase } from '../database/open-database.ts';
import { PartStore } from '../database/part-store.ts';
import { createRequestLog, type RequestLog } from '../requests/request-log.ts';
import { createConnectionRegistry } from '../s3/registry.ts';
import type { S3Target } from '../testing/s3-target.ts';
import { type AspectCallName, createAspectHandlers } from './aspect-service.ts';
import { LooseUploads } from './loose-uploads.ts';
import { ObjectTurns } from './object-turns.ts';

/** The service over a target, as the engine puts it together. */
export interface AspectBench {
  readonly requestLog: RequestLog;
  /** Keys of objects whose headers were rewritten. */
  readonly changed: string[];
  /** Another user of the same server. */
  connect(
    credentials: Credentials | null,
    draft?: Partial<ConnectionDraft>,
  ): ConnectionId;
  call<N extends AspectCallName>(
    name: N,
    request: RequestOf<EngineCalls, N>,
  ): Promise<ResponseOf<EngineCalls, N>>;
  close(): void;
}

/** Opens it with a database of its own. */
export function openAspectBench(target: S3Target): AspectBench {
  const folder = mkdtempSync(path.join(tmpdir(), 'dipper-aspects-'));
  const { database } = openDatabase(path.join(folder, 'queue.db'), Date.now);
  const requestLog = createRequestLog();
  const registry = createConnectionRegistry({ requestLog });
  const changed: string[] = [];
  const uploads = new LooseUploads({
    store: openLooseUploadStore(database),
    parts: new PartStore(database),
    registry,
    now: Date.now,
    log: () => undefined,
  });
  const handlers: Pick<
    Handlers<EngineCalls, CallContext>,
    AspectCallName
  > = createAspectHandlers({
    registry,
    connections: () => registry.all(),
    earlier: openEarlierStore(database, Date.now),
    uploads,
    turns: new ObjectTurns(),
    requestLog,
    now: Date.now,
    onObjectChanged: (_id, _bucket, key) => changed.push(key),
  });
  let made = 0;
  return {
    requestLog,
    changed,
    connect(credentials, draft = {}) {
      made += 1;
      const connectionId = `aspects-${made}` as ConnectionId;
      registry.configure({ connectionId, draft: target.draft(draft), credentials });
      return connectionId;
    },
    async call(name, request) {
      const context = { signal: new AbortController().signal };
      const { request: asked, response } = engineContract.calls[name];
      // As it goes over the line: nothing that the contract does not know.
      const answer = await handlers[name](asked.parse(request) as never, context);
      return response.parse(answer) as never;
    },
    close() {
      uploads[Symbol.dispose]();
      registry.destroy();
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
