import type { Random } from './random.ts';

/** Names of files that have tripped S3 clients. */
const FILE_NAMES = [
  'plain.txt',
  'with space.txt',
  ' leading and trailing ',
  'plus+plus.txt',
  'percent%20%2F%.txt',
  'amp&lt;.xml',
  'quote"\'`.txt',
  'hash#query?.txt',
  'back\\slash.txt',
  'semi;colon:colon.txt',
  '.hidden',
  '-dash',
  '~tilde!',
  '(brackets)[square]{curly}',
  'ünïcödé.txt',
  'cafe\u0301 (decomposed).txt',
  '日本語のファイル.txt',
  '🐳 whale.bin',
  'رطل.txt',
  'line\nbreak.txt',
  'tab\there.txt',
  'Name.part',
  'CON.txt',
  'star*.txt',
  'pipe|.txt',
  'dollar$.txt',
  'comma,equals=at@.txt',
  `long-${'n'.repeat(230)}.txt`,
] as const;

/** Keys that no file system has, or that would lead out of a folder. */
const REMOTE_ONLY = [
  'a//b',
  'dot/./dot',
  'up/../../out',
  '../../../outside',
  '/absolute',
  'Case',
  'case',
  'both',
  'both/inside',
  'trailing.',
  'ctrl\u0007bell',
  `segment-${'s'.repeat(400)}`,
] as const;

/** A file's name that is not in `taken`, and now is. */
export function fileName(random: Random, taken: Set<string>): string {
  const odd = random.chance(0.5);
  const base = odd ? random.pick(FILE_NAMES) : `file-${random.int(0, 99_999)}.bin`;
  let name: string = base;
  for (let number = 2; taken.has(name); number += 1) name = `${number} ${base}`;
  taken.add(name);
  return name;
}

/** Some keys relative to a prefix, of which no two are equal. */
export function remoteNames(random: Random, count: number): readonly string[] {
  const taken = new Set<string>();
  while (taken.size < count) {
    if (random.chance(0.4)) taken.add(random.pick(REMOTE_ONLY));
    else fileName(random, taken);
  }
  return [...taken];
}
