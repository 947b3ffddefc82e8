const UNITS = ['KB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const;
/** Digits after the point per unit, as Finder shows them. */
const UNIT_DIGITS = [0, 1, 2, 2, 2, 2] as const;

const DAY_MS = 86_400_000;

/** How texts are written; the machine's own locale and time zone when absent. */
export interface FormatOptions {
  readonly locale?: string | undefined;
  readonly timeZone?: string | undefined;
}

/** Writes numbers, sizes and times for people. */
export interface Format {
  /** `1.2 MB`; 1 KB is 1,000 bytes, as in Finder and on bills. */
  readonly bytes: (bytes: number) => string;
  /** `1,234,567 bytes`. */
  readonly bytesExact: (bytes: number) => string;
  /** `1.2 MB/s`. */
  readonly speed: (bytesPerSecond: number) => string;
  /** `1,234`. */
  readonly count: (count: number) => string;
  /** `45 %` in the locale's way, of a share from 0 to 1; never 100 % before all is done. */
  readonly percent: (share: number) => string;
  /** `2 hr, 5 min`: the two largest units of a number of seconds, rounded up. */
  readonly duration: (seconds: number) => string;
  /** Date and time, for ms since 1970; empty for NaN (unknown). */
  readonly date: (ms: number) => string;
  /** Time of day, for ms since 1970; empty for NaN. */
  readonly time: (ms: number) => string;
  /** `Thursday, November 5`; with the year when that is long before `now`. Both ms since 1970. */
  readonly day: (ms: number, now: number) => string;
  /** Date and time to the second, with the time zone; empty for NaN. */
  readonly dateExact: (ms: number) => string;
}

/** Makes a {@link Format}. Make it once: `Intl` objects are dear. */
export function createFormat(options: FormatOptions = {}): Format {
  const { locale, timeZone } = options;
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const digits = [0, 1, 2].map(
    (count) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: count,
        maximumFractionDigits: count,
      }),
  );
  const share = new Intl.NumberFormat(locale, { style: 'percent' });
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = new Intl.DateTimeFormat(locale, {
    ...zone,
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  const clock = new Intl.DateTimeFormat(locale, { ...zone, timeStyle: 'short' });
  const weekday = new Intl.DateTimeFormat(locale, {
    ...zone,
    weekday: 'long',
    month: 'long',
    day: 'numeric',
  });
  const farDay = new Intl.DateTimeFormat(locale, { ...zone, dateStyle: 'long' });
  const exact = new Intl.DateTimeFormat(locale, {
    ...zone,
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
  const units = ['day', 'hour', 'minute', 'second'].map(
    (unit) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }),
  );

  function bytesExact(value: number): string {
    return value === 1 ? '1 byte' : `${whole.format(value)} bytes`;
  }

  function bytes(value: number): string {
    if (value < 1_000) return bytesExact(Math.round(value));
    let unit = -1;
    let size = value;
    // 999,999 rounds to 1,000 KB, which is to read 1.0 MB.
    while (unit < UNITS.length - 1 && rounded(size, unit) >= 1_000) {
      size /= 1_000;
      unit += 1;
    }
    const format = digits[UNIT_DIGITS[unit] ?? 0] ?? whole;
    return `${format.format(size)} ${UNITS[unit] ?? ''}`;
  }

  function duration(seconds: number): string {
    const total = Math.max(0, Math.ceil(seconds));
    const parts = [
      Math.floor(total / 86_400),
      Math.floor(total / 3_600) % 24,
      Math.floor(total / 60) % 60,
      total % 60,
    ];
    const first = parts.findIndex((part) => part > 0);
    if (first === -1) return units[3]?.format(0) ?? '0';
    return parts
      .slice(first, first + 2)
      .map((part, index) => (part > 0 ? units[first + index]?.format(part) : undefined))
      .filter((part) => part !== undefined)
      .join(', ');
  }

  return {
    bytes,
    bytesExact,
    speed: (bytesPerSecond) => `${bytes(bytesPerSecond)}/s`,
    count: (count) => whole.format(count),
    percent: (done) => share.format(done >= 1 ? 1 : Math.floor(done * 100) / 100),
    duration,
    date: (ms) => (Number.isFinite(ms) ? day.format(ms) : ''),
    time: (ms) => (Number.isFinite(ms) ? clock.format(ms) : ''),
    day: (ms, now) =>
      Math.abs(now - ms) < 300 * DAY_MS ? weekday.format(ms) : farDay.format(ms),
    dateExact: (ms) => (Number.isFinite(ms) ? exact.format(ms) : ''),
  };
}

function rounded(size: number, unit: number): number {
  const factor = 10 ** (unit < 0 ? 0 : (UNIT_DIGITS[unit] ?? 0));
  return Math.round(size * factor) / factor;
}
