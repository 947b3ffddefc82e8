import { z } from 'zod';

/** Highest limit, KiB per second: beyond 10 GiB/s it would limit nothing. */
export const MAX_LIMIT_KIBS = 10_485_760;

/** Kibibytes per second; 0: no limit. */
export const LimitKiBs = z.int().min(0).max(MAX_LIMIT_KIBS);

/** A time of day, `HH:MM`. */
export const TimeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/);

/** A timetable: other limits between two local times, over midnight too. */
export const LimitSchedule = z.strictObject({
  enabled: z.boolean().default(false),
  /** Days on which it begins, 0 (Sunday) to 6. */
  days: z.array(z.int().min(0).max(6)).max(7).default([1, 2, 3, 4, 5]),
  from: TimeOfDay.default('08:00'),
  /** The same as `from`: until that time of the next day. */
  to: TimeOfDay.default('18:00'),
  uploadLimitKiBs: LimitKiBs.default(0),
  downloadLimitKiBs: LimitKiBs.default(0),
});
export type LimitSchedule = z.infer<typeof LimitSchedule>;

/** What the preferences say about bandwidth. */
export interface BandwidthSettings {
  readonly uploadLimitKiBs: number;
  readonly downloadLimitKiBs: number;
  readonly limitSchedule: LimitSchedule;
}

/** Limits in force. KiB per second, 0: none. */
export const LimitsInForce = z.strictObject({
  uploadKiBs: z.int(),
  downloadKiBs: z.int(),
  /** By the timetable. */
  scheduled: z.boolean(),
});
export type LimitsInForce = z.infer<typeof LimitsInForce>;

/** A moment in local time. */
export interface LocalTime {
  /** 0 (Sunday) to 6. */
  readonly day: number;
  /** Since midnight. */
  readonly minutes: number;
}

/** Local time of a moment, ms since 1970, on this computer. */
export function localTime(now: number): LocalTime {
  const date = new Date(now);
  return { day: date.getDay(), minutes: date.getHours() * 60 + date.getMinutes() };
}

/** The limits that hold at a time. */
export function limitsAt(settings: BandwidthSettings, time: LocalTime): LimitsInForce {
  const { limitSchedule: schedule } = settings;
  const scheduled = isScheduled(schedule, time);
  const limits = scheduled ? schedule : settings;
  return {
    uploadKiBs: limits.uploadLimitKiBs,
    downloadKiBs: limits.downloadLimitKiBs,
    scheduled,
  };
}

function isScheduled(schedule: LimitSchedule, { day, minutes }: LocalTime): boolean {
  if (!schedule.enabled) return false;
  const from = minutesOf(schedule.from);
  const to = minutesOf(schedule.to);
  if (from < to) return schedule.days.includes(day) && minutes >= from && minutes < to;
  // Over midnight: the evening of its day, or the morning after it.
  const yesterday = (day + 6) % 7;
  return (
    (schedule.days.includes(day) && minutes >= from) ||
    (schedule.days.includes(yesterday) && minutes < to)
  );
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
