import { join } from 'node:path';
import type { RemoteControl } from '../null-server/launch.ts';
import type { Pattern } from '../null-server/pattern.ts';
import { numbered } from '../null-server/server.ts';
import { type Sizes, SMALL_BYTES } from '../options.ts';
import type { Task } from '../peers/peer.ts';
import {
  checkFiles,
  checkReceived,
  type ExpectedFile,
  expectedContents,
  type FilePlan,
  planMixed,
  planSmall,
  writeFiles,
} from './files.ts';

/** The bucket of every case. */
export const BUCKET = 'bench';

/** What a case works with. */
export interface CaseContext {
  readonly control: RemoteControl;
  readonly pattern: Pattern;
  readonly sizes: Sizes;
  /** Where sources lie. */
  readonly sources: string;
}

/** Where one run may leave things. */
export interface RunPlace {
  /** Keys of this run start with it; ends in `/`. */
  readonly prefix: string;
  /** An empty folder. */
  readonly folder: string;
}

/** Something every tool can do. */
export interface BenchCase {
  readonly name: string;
  readonly direction: 'up' | 'down' | 'other';
  /** What the server offers to check a download against. */
  readonly etag: 'md5' | 'opaque';
  /** Milliseconds before each answer. */
  readonly latencyMs: number;
  /** `both`, or one alone. */
  readonly protocols: 'both' | 'http' | 'https';
  /** The tools that take part, where others would take many minutes; absent: all. */
  readonly only?: readonly string[];
  /** Makes sources and objects, once. */
  readonly prepare: () => Promise<void>;
  /** Makes what one run needs and tells what to do. */
  readonly begin: (place: RunPlace) => Promise<Task>;
  /** Throws when the outcome is not right. `thorough`: the server kept hashes. */
  readonly check: (
    place: RunPlace,
    names: readonly string[],
    thorough: boolean,
  ) => Promise<void>;
}

/** All cases, in the order they are run. */
export function createCases(context: CaseContext): readonly BenchCase[] {
  const { sizes } = context;
  const small = planSmall(sizes.smallFiles, SMALL_BYTES);
  const far = planSmall(sizes.farFiles, SMALL_BYTES);
  const count = sizes.smallFiles.toLocaleString('en');
  const farCount = sizes.farFiles.toLocaleString('en');
  const mib = `${sizes.big / 2 ** 20} MiB`;
  return [
    uploadFile(context, `upload ${mib}`, { name: 'big.bin', size: sizes.big }),
    downloadFile(context, `download ${mib}`, { name: 'big.bin', size: sizes.big }),
    uploadFolder(context, `upload ${count} × 4 KiB`, 'small', small),
    downloadFolder(context, `download ${count} × 4 KiB`, 'small', small),
    away(uploadFolder(context, `upload ${farCount} × 4 KiB`, 'far', far)),
    away(downloadFolder(context, `download ${farCount} × 4 KiB`, 'far', far)),
    uploadFolder(context, 'upload a mixed tree', 'mixed', planMixed(sizes.mixedFiles)),
    uploadMany(context),
    listKeys(context, 0),
    listKeys(context, FAR_MS),
    deleteKeys(context),
  ];
}

/** From one end of a country to the other and back. */
const FAR_MS = 20;

const PLAIN = { latencyMs: 0, protocols: 'both', etag: 'md5' } as const;

/** The same over a distance and https, where most tools protect files alike. */
function away(near: BenchCase): BenchCase {
  const name = `${near.name}, ${FAR_MS} ms away`;
  return { ...near, name, latencyMs: FAR_MS, protocols: 'https' };
}

function uploadFile(context: CaseContext, name: string, file: FilePlan): BenchCase {
  const { sources, pattern } = context;
  return {
    ...PLAIN,
    name,
    direction: 'up',
    prepare: () => writeFiles(sources, [file], pattern),
    begin: async ({ prefix }) => ({
      kind: 'put',
      file: join(sources, file.name),
      key: prefix + file.name,
    }),
    check: ({ prefix }, _names, thorough) =>
      checkUpload(context, prefix, [file], thorough),
  };
}

function uploadFolder(
  context: CaseContext,
  name: string,
  folder: string,
  plan: readonly FilePlan[],
): BenchCase {
  const { sources, pattern } = context;
  return {
    ...PLAIN,
    name,
    direction: 'up',
    prepare: () => writeFiles(join(sources, folder), plan, pattern),
    begin: async ({ prefix }) => ({
      kind: 'put-folder',
      folder: join(sources, folder),
      prefix: `${prefix}${folder}/`,
    }),
    check: ({ prefix }, _names, thorough) =>
      checkUpload(context, `${prefix}${folder}/`, plan, thorough),
  };
}

/** As many as people queue at a time, over https, where most tools protect them alike. */
function uploadMany(context: CaseContext): BenchCase {
  const { queuedFiles } = context.sizes;
  const name = `queue and upload ${queuedFiles.toLocaleString('en')} × 4 KiB`;
  const plan = planSmall(queuedFiles, SMALL_BYTES);
  return {
    ...uploadFolder(context, name, 'many', plan),
    protocols: 'https',
    only: ['dipper', 'rclone', 's5cmd'],
  };
}

async function checkUpload(
  { control, pattern }: CaseContext,
  prefix: string,
  plan: readonly FilePlan[],
  thorough: boolean,
): Promise<void> {
  const expected = expectedContents(prefix, plan);
  const found = await control.contents(BUCKET, prefix);
  if (found.digest !== expected.digest) {
    throw new Error(
      `${found.count} objects of ${found.bytes} bytes arrived, not ${expected.count} of ${expected.bytes}, or under other names.`,
    );
  }
  if (thorough) {
    checkReceived(await control.received(BUCKET, prefix), prefix, plan, pattern);
  }
}

function downloadFile(context: CaseContext, name: string, file: FilePlan): BenchCase {
  const { control, pattern } = context;
  const key = `data/${file.name}`;
  return {
    ...PLAIN,
    // As of an upload in parts that nobody can recompute.
    etag: 'opaque',
    name,
    direction: 'down',
    prepare: () =>
      control.generate({
        bucket: BUCKET,
        prefix: key,
        count: 1,
        size: file.size,
        etag: 'opaque',
      }),
    begin: async ({ folder }) => ({ kind: 'get', key, file: join(folder, file.name) }),
    check: async ({ folder }) => checkFiles(folder, [{ ...file, key }], pattern),
  };
}

function downloadFolder(
  context: CaseContext,
  name: string,
  folder: string,
  plan: readonly FilePlan[],
): BenchCase {
  const { control, pattern } = context;
  const prefix = `data/${folder}/`;
  const expected: readonly ExpectedFile[] = plan.map((file) => ({
    ...file,
    key: prefix + file.name,
  }));
  return {
    ...PLAIN,
    name,
    direction: 'down',
    prepare: () =>
      control.generate({
        bucket: BUCKET,
        prefix,
        count: plan.length,
        size: SMALL_BYTES,
        etag: 'md5',
      }),
    begin: async (place) => ({
      kind: 'get-folder',
      prefix,
      folder: join(place.folder, folder),
    }),
    check: async (place) => checkFiles(join(place.folder, folder), expected, pattern),
  };
}

function listKeys(context: CaseContext, latencyMs: number): BenchCase {
  const { control, sizes } = context;
  const prefix = 'list/';
  const count = sizes.listKeys;
  const wait = latencyMs === 0 ? '' : `, ${latencyMs} ms away`;
  return {
    ...PLAIN,
    latencyMs,
    protocols: latencyMs === 0 ? 'both' : 'http',
    name: `list ${count.toLocaleString('en')} keys${wait}`,
    direction: 'other',
    prepare: () =>
      control.generate({ bucket: BUCKET, prefix, count, size: 7, etag: 'md5' }),
    begin: async () => ({ kind: 'list', prefix }),
    async check(_place, names) {
      // Some tools tell whole keys, some the last part.
      const bare = names.map((name) => name.slice(name.lastIndexOf('/') + 1)).sort();
      const wrong = bare.findIndex((name, index) => name !== numbered('', index));
      if (bare.length !== count || wrong !== -1) {
        throw new Error(`${bare.length} keys were listed, not ${count}, or other ones.`);
      }
    },
  };
}

function deleteKeys(context: CaseContext): BenchCase {
  const { control, sizes } = context;
  const count = sizes.deleteKeys;
  return {
    ...PLAIN,
    name: `delete ${count.toLocaleString('en')}`,
    direction: 'other',
    prepare: async () => {},
    async begin(place) {
      const prefix = `${place.prefix}gone/`;
      await control.generate({ bucket: BUCKET, prefix, count, size: 7, etag: 'md5' });
      return { kind: 'delete', prefix };
    },
    async check({ prefix }) {
      const left = await control.contents(BUCKET, `${prefix}gone/`);
      if (left.count > 0) throw new Error(`${left.count} objects are still there.`);
    },
  };
}
