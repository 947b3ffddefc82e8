import { parseArgs } from 'node:util';

/** How big the cases are. */
export interface Sizes {
  /** Bytes of the one big file. */
  readonly big: number;
  readonly smallFiles: number;
  /** Small files of the cases over a distance. */
  readonly farFiles: number;
  /** Files of the mixed tree. */
  readonly mixedFiles: number;
  readonly listKeys: number;
  readonly deleteKeys: number;
  /** Files queued by Dipper alone. */
  readonly queuedFiles: number;
  /** Keys listed into the window's model by Dipper alone. */
  readonly modelKeys: number;
  /** Files that move under the window. */
  readonly windowFiles: number;
}

/** What the bench was asked for. */
export interface BenchOptions {
  readonly json: string | null;
  readonly rounds: number;
  readonly sizes: Sizes;
  readonly quick: boolean;
  /** Cases whose name contains one of these; empty: all. */
  readonly cases: readonly string[];
  /** Tools by name; empty: all that are found. */
  readonly tools: readonly string[];
  /** Folder for files; `null`: memory where there is enough, else the temporary folder. */
  readonly scratch: string | null;
}

/** Bytes of a small file. */
export const SMALL_BYTES = 4_096;

const MIB = 1024 * 1024;

const FULL: Sizes = {
  big: 1024 * MIB,
  smallFiles: 5_000,
  farFiles: 1_000,
  mixedFiles: 400,
  listKeys: 100_000,
  deleteKeys: 5_000,
  queuedFiles: 100_000,
  modelKeys: 1_000_000,
  windowFiles: 5_000,
};

const QUICK: Sizes = {
  big: 64 * MIB,
  smallFiles: 200,
  farFiles: 100,
  mixedFiles: 40,
  listKeys: 10_000,
  deleteKeys: 200,
  queuedFiles: 5_000,
  modelKeys: 50_000,
  windowFiles: 500,
};

/** What `--help` prints. */
export const USAGE = `npm run bench -- [--json FILE] [--quick] [--rounds N] [--cases A,B] [--tools A,B] [--scratch DIR]

  --json FILE    writes the results
  --quick        small sizes, one round: under three minutes
  --rounds N     rounds of every case (5)
  --cases A,B    only cases whose name contains A or B
  --tools A,B    only these tools: dipper, aws, aws-crt, rclone, s5cmd, s3cmd
  --scratch DIR  where the files go; default: /dev/shm where it has room`;

/** Reads the command line; `null` for `--help`. Throws on what it does not know. */
export function parseOptions(args: readonly string[]): BenchOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      cases: { type: 'string', default: '' },
      tools: { type: 'string', default: '' },
      scratch: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error('--rounds takes a whole number from 1.');
  }
  return {
    json: values.json ?? null,
    rounds,
    quick: values.quick,
    sizes: values.quick ? QUICK : FULL,
    cases: words(values.cases),
    tools: words(values.tools),
    scratch: values.scratch ?? null,
  };
}

function words(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
