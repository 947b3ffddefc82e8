import type { Operation } from './operations.ts';

/** What is kept of a request for assertions. Fields fill in as the request goes on. */
export interface RequestRecord {
  readonly requestId: string;
  /** Milliseconds by the machine's clock. */
  readonly startedAt: number;
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  /** Headers by lower-case name, without `authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly operation: Operation | undefined;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly partNumber: number | undefined;
  /** The user's name once verified; undefined when anonymous or refused. */
  readonly user: string | undefined;
  /** Undefined until answered, or when never answered. */
  readonly status: number | undefined;
  /** The error code answered. */
  readonly code: string | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Undefined while in flight. */
  readonly endedAt: number | undefined;
}

/** A record being filled in. */
export type OpenRecord = {
  -readonly [Field in keyof RequestRecord]: RequestRecord[Field];
};

const MAX_RECORDS = 20_000;

/** The latest requests, oldest first. */
export class RequestLog {
  readonly records: OpenRecord[] = [];

  /** Starts the record of a request. */
  open(record: OpenRecord): void {
    this.records.push(record);
    // In lumps, so that a long run does not shift a big array at every request.
    if (this.records.length > 2 * MAX_RECORDS) {
      this.records.splice(0, this.records.length - MAX_RECORDS);
    }
  }

  /** Forgets everything so far. */
  clear(): void {
    this.records.length = 0;
  }
}
