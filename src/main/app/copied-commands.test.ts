import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { quoted } from '../../shared/domain/commands/quote.ts';

const ODD = [
  'plain.txt',
  "it's",
  'a b',
  '$(rm -rf ~)',
  '`id`',
  'a"b',
  'line\nbreak',
  '-rf',
  'ü/日本',
  '*',
  '',
  '\\',
  '100%',
];

// There is no POSIX shell on a plain Windows.
test.skipIf(process.platform === 'win32').each(ODD)(
  'a real shell takes %j for what it is',
  (word) => {
    const printed = execFileSync('sh', ['-c', `printf "%s" ${quoted(word, 'posix')}`]);
    expect(String(printed)).toBe(word);
  },
);
