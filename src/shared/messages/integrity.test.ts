import { expect, test } from 'vitest';
import type { ConnectionId } from '../domain/ids.ts';
import { checkDetail, checkName, receiptText } from './integrity.en.ts';

test('a row says in plain words how its content was checked', () => {
  expect(checkDetail('etag')).toBe('MD5 of each part');
  expect(checkName('size')).toBe('size only');
  expect(checkDetail('size')).toBe('by size only: this server offers nothing more');
  expect([checkName(''), checkDetail('seen:abc')]).toEqual(['', '']);
});

test('every check has a name', () => {
  const names = ['md5', 'etag', 'crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'];
  for (const name of [...names, 'receipt', 'size']) expect(checkName(name)).not.toBe('');
});

test('a receipt copies as lines, without those that say nothing', () => {
  const text = receiptText({
    kind: 'upload',
    connectionId: 'c' as ConnectionId,
    bucket: 'b',
    key: 'a.txt',
    localPath: '/a.txt',
    size: 3,
    modified: 0,
    integrity: 'crc32',
    checksums: 'crc32=y/Q5Jg==',
    partSize: 0,
    etag: 'e',
    versionId: null,
    startedAt: 0,
    finishedAt: 1_000,
  });
  expect(text.split('\n')).toEqual([
    'Kind: upload',
    'Object: s3://b/a.txt',
    'Local file: /a.txt',
    'Size: 3 bytes',
    'File modified: 1970-01-01T00:00:00.000Z',
    'Checked by: CRC32',
    'Checksums: crc32=y/Q5Jg==',
    'ETag: e',
    'Started: 1970-01-01T00:00:00.000Z',
    'Finished: 1970-01-01T00:00:01.000Z',
  ]);
});
