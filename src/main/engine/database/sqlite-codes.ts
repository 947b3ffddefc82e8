/** Whether somebody else uses the file just now: BUSY, LOCKED. */
export function isBusy(error: unknown): boolean {
  return [5, 6].includes(sqliteCode(error));
}

/**
 * Whether the file may be well and something else is wrong: it is busy, may not be read or
 * written (PERM, READONLY, AUTH, CANTOPEN), the disk is full or fails (FULL, IOERR), or
 * memory is short. Putting the queue aside would lose it for nothing.
 */
export function isOutsideCause(error: unknown): boolean {
  return [3, 5, 6, 7, 8, 10, 13, 14, 23].includes(sqliteCode(error));
}

/** The primary result code, https://sqlite.org/rescode.html; 0 for any other error. */
function sqliteCode(error: unknown): number {
  return typeof error === 'object' && error !== null && 'errcode' in error
    ? Number(error.errcode) & 0xff
    : 0;
}
