import type { Digest } from './content.ts';

/** What a place, an object or a file, should hold at the end. */
export interface Expected {
  /** `must`: one of `contents`; `may`: that or nothing; `never`: nothing. */
  readonly presence: 'must' | 'may' | 'never';
  /** SHA-256 (hex) of every content that is right. */
  readonly contents: ReadonlySet<string>;
  /** The step that this is the outcome of. */
  readonly origin: string;
}

/** Everything by place: `bucket/key` for objects, absolute paths for files. */
export interface Expectations {
  readonly objects: ReadonlyMap<string, Expected>;
  readonly files: ReadonlyMap<string, Expected>;
}

/** What is there at the end. */
export interface Observed {
  readonly objects: ReadonlyMap<string, Digest>;
  readonly files: ReadonlyMap<string, Digest>;
  /** Multipart uploads that the server still keeps, in words. */
  readonly uploads: readonly string[];
}

/** How a row of the queue ended, as far as it says too much or too little. */
export interface RowFact {
  readonly origin: string;
  readonly kind: 'missing' | 'unfinished' | 'failed-without-reason' | 'wrong-claim';
  readonly detail: string;
}

/** The figures that must be 0, and why they are not. */
export interface Verdict {
  readonly lost: number;
  readonly corrupted: number;
  readonly silentWrong: number;
  readonly orphanUploads: number;
  readonly leftoverTempFiles: number;
  readonly problems: readonly string[];
}

/** Temporary files of downloads: `name.<transfer id>.part`. */
const TEMPORARY = /\.\d+\.part$/;

/** Holds what is there against what should be. */
export function check(
  expectations: Expectations,
  observed: Observed,
  rows: readonly RowFact[],
): Verdict {
  const count = {
    lost: 0,
    corrupted: 0,
    silentWrong: 0,
    orphanUploads: 0,
    leftoverTempFiles: 0,
  };
  const problems: string[] = [];
  const note = (kind: keyof typeof count, text: string): void => {
    count[kind] += 1;
    problems.push(`${kind}: ${text}`);
  };

  for (const what of ['objects', 'files'] as const) {
    const there = observed[what];
    for (const [place, expected] of expectations[what]) {
      const found = there.get(place);
      const named = `${what.slice(0, -1)} ${JSON.stringify(place)} (${expected.origin})`;
      if (found === undefined) {
        if (expected.presence === 'must') note('lost', named);
      } else if (expected.presence === 'never') {
        note('silentWrong', `${named} should not be there`);
      } else if (!expected.contents.has(found.sha256)) {
        note('corrupted', `${named} has ${found.size} wrong bytes`);
      }
    }
    for (const place of there.keys()) {
      if (expectations[what].has(place)) continue;
      const named = `${what.slice(0, -1)} ${JSON.stringify(place)}`;
      if (what === 'files' && TEMPORARY.test(place)) note('leftoverTempFiles', named);
      else note('silentWrong', `${named} was never asked for`);
    }
  }
  for (const upload of observed.uploads) note('orphanUploads', upload);
  for (const { origin, kind, detail } of rows) {
    const lost = kind === 'missing' || kind === 'unfinished';
    note(lost ? 'lost' : 'silentWrong', `row ${kind} (${origin}): ${detail}`);
  }
  return { ...count, problems };
}

/** Whether nothing at all was found. */
export function isClean(verdict: Verdict): boolean {
  const { lost, corrupted, silentWrong, orphanUploads, leftoverTempFiles } = verdict;
  return (
    lost + corrupted + silentWrong + orphanUploads + leftoverTempFiles === 0 &&
    verdict.problems.length === 0
  );
}
