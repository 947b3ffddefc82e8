import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { cursorAfter } from '../s3/list-cursor.ts';
import { compareNames } from '../s3/name-order.ts';
import { createConnectionRegistry } from '../s3/registry.ts';
import type { RemotePage, S3Connection } from '../s3/s3-connection.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import type { PageSource } from './page-source.ts';
import { pagesOf } from './pages-of.ts';

const connectionId = 'wide' as ConnectionId;
const never = new AbortController().signal;
const registry = createConnectionRegistry();
let target: S3Target;
let bucket: string;
let s3: S3Connection;

const NAMES: readonly string[] = [
  ...Array.from({ length: 150 }, (_, index) => `wide/${String(index).padStart(6, '0')}`),
  ...Array.from(
    { length: 60 },
    (_, index) => `wide/folder ${index % 20}/${index}+&%.txt`,
  ),
  ...['é', 'ß', '日本', '\uFFFD', '\u{1F600}'].map((name) => `wide/${name}.txt`),
];

beforeAll(async () => {
  target = await openS3Target();
  bucket = await target.makeBucket();
  registry.configure({ connectionId, draft: target.draft(), credentials: target.full });
  s3 = registry.require(connectionId);
  const rest = NAMES.values();
  const put = async (): Promise<void> => {
    for (const key of rest) {
      const body = Buffer.from(key);
      await s3.putObject({ bucket, key, contentType: '', metadata: {}, body });
    }
  };
  await Promise.all(Array.from({ length: 8 }, put));
});
afterAll(async () => {
  registry.destroy();
  await target.close();
});

/** Pages of seven entries, so that few objects are many pages. */
function source(delimiter: '' | '/'): PageSource {
  return ({ cursor, maxKeys = 7 }, signal) =>
    s3.listPage({
      bucket,
      prefix: 'wide/',
      delimiter,
      cursor,
      maxKeys: Math.min(7, maxKeys),
      signal,
    });
}

async function readWide(delimiter: '' | '/'): Promise<readonly string[]> {
  const names: string[] = [];
  const options = { source: source(delimiter), prefix: 'wide/', width: 6, signal: never };
  for await (const page of pagesOf(options)) names.push(...namesOf(page));
  return names;
}

function namesOf(page: RemotePage): readonly string[] {
  return [...page.keys, ...page.prefixes].sort(compareNames);
}

describe('a long listing on a server', () => {
  test('read at several places, it has every object once, in order', async () => {
    expect(await readWide('')).toEqual([...NAMES].sort(compareNames));
  });

  test('folders are told once, also where a range begins inside of one', async () => {
    const folders = NAMES.map((name) => {
      const slash = name.indexOf('/', 5);
      return slash === -1 ? name : name.slice(0, slash + 1);
    });
    expect(await readWide('/')).toEqual([...new Set(folders)].sort(compareNames));
  });

  test('a page may start after a name, within a folder too', async () => {
    const page = await s3.listPage({
      bucket,
      prefix: 'wide/',
      delimiter: '/',
      cursor: cursorAfter('wide/folder 0/1'),
      maxKeys: 3,
      signal: never,
    });
    expect(page.prefixes).not.toContain('wide/folder 0/');
    expect(namesOf(page)[0]).toBe('wide/folder 1/');
  });
});
