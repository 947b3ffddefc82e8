import { expect, test } from 'vitest';
import { type LimitSchedule, limitsAt, localTime } from './bandwidth.ts';

const MONDAY = 1;
const OFFICE: LimitSchedule = {
  enabled: true,
  days: [1, 2, 3, 4, 5],
  from: '08:00',
  to: '18:00',
  uploadLimitKiBs: 100,
  downloadLimitKiBs: 200,
};

function limits(schedule: LimitSchedule, day: number, time: string) {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return limitsAt(
    { uploadLimitKiBs: 1_000, downloadLimitKiBs: 0, limitSchedule: schedule },
    { day, minutes: hours * 60 + minutes },
  );
}

test('the timetable holds from its first minute to the one before its last', () => {
  const usual = { uploadKiBs: 1_000, downloadKiBs: 0, scheduled: false };
  const office = { uploadKiBs: 100, downloadKiBs: 200, scheduled: true };
  expect(limits(OFFICE, MONDAY, '07:59')).toEqual(usual);
  expect(limits(OFFICE, MONDAY, '08:00')).toEqual(office);
  expect(limits(OFFICE, MONDAY, '17:59')).toEqual(office);
  expect(limits(OFFICE, MONDAY, '18:00')).toEqual(usual);
  expect(limits(OFFICE, 0, '12:00')).toEqual(usual);
  expect(limits({ ...OFFICE, enabled: false }, MONDAY, '12:00')).toEqual(usual);
});

test('a night belongs to the day it begins on', () => {
  const night = { ...OFFICE, days: [6], from: '22:00', to: '06:30' };
  expect(limits(night, 6, '23:59').scheduled).toBe(true);
  expect(limits(night, 0, '06:29').scheduled).toBe(true);
  expect(limits(night, 0, '06:30').scheduled).toBe(false);
  expect(limits(night, 0, '23:00').scheduled).toBe(false);
  expect(limits(night, 6, '05:00').scheduled).toBe(false);
});

test('from a time to the same time is a whole day', () => {
  const whole = { ...OFFICE, days: [1], from: '12:00', to: '12:00' };
  expect(limits(whole, 1, '11:59').scheduled).toBe(false);
  expect(limits(whole, 1, '12:00').scheduled).toBe(true);
  expect(limits(whole, 2, '11:59').scheduled).toBe(true);
  expect(limits(whole, 2, '12:00').scheduled).toBe(false);
});

test('local time is that of this computer', () => {
  const date = new Date(2026, 2, 29, 23, 5);
  expect(localTime(date.getTime())).toEqual({ day: 0, minutes: 23 * 60 + 5 });
});
