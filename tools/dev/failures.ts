import { stripVTControlCharacters } from 'node:util';

/** A test that failed, or anything else that makes a run red. */
export interface Failure {
  /** Where the test is, relative to the repository; empty when nobody knows. */
  readonly file: string;
  /** The full name: groups and test. */
  readonly name: string;
  /** What went wrong, whole. */
  readonly message: string;
}

/** Failures of a part of the run, such as `integration`. */
export interface PartFailures {
  readonly part: string;
  readonly failures: readonly Failure[];
}

/** Lines of messages that all failures share: the end of a log must show every name. */
const LINES = 60;
const MOST = 15;
const WIDTH = 200;

function excerpt(message: string, most: number): string[] {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH)} …` : line));
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most), `… ${lines.length - most} more lines above`];
}

/**
 * A section that names every failure with the first lines of its message: 15 each, fewer
 * when many failed, so that no name is pushed out of the end of a log.
 *
 * @returns nothing when nothing failed
 */
export function failureSection(
  title: string,
  parts: readonly PartFailures[],
): readonly string[] {
  const count = parts.reduce((total, { failures }) => total + failures.length, 0);
  if (count === 0) return [];
  const most = Math.min(MOST, Math.floor(LINES / count));
  return [
    `── ${title} ──`,
    ...parts.flatMap(({ part, failures }) =>
      failures.flatMap(({ file, name, message }) => [
        `✗ ${part}: ${[file, name].filter((text) => text !== '').join(' › ')}`,
        ...excerpt(message, most).map((line) => `    ${line}`),
      ]),
    ),
  ];
}
