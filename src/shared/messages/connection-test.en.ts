import type { TestStage, TestStageName } from '../domain/connection-test.ts';
import { errorText } from './errors.en.ts';

type Params = TestStage['params'];

const STAGE_NAMES: Readonly<Record<TestStageName, string>> = {
  name: 'Server name',
  tls: 'Secure connection',
  clock: 'Clock',
  signature: 'Keys',
  list: 'Listing',
  read: 'Reading',
};

/** What the outcome of each stage means, by the stage's `detail`. */
const DETAILS = {
  'name.resolved': (p: Params) => `Found ${p['address'] ?? 'the server'}.`,
  'name.literal': () => 'The endpoint is an IP address: nothing to look up.',
  'tls.secure': (p: Params) =>
    `Encrypted${p['protocol'] ? ` with ${p['protocol']}` : ''}.`,
  'tls.plain': () => 'Plain http: nothing on the way is encrypted.',
  'tls.self-signed': () =>
    'The server’s certificate is signed by itself, so nobody vouches for it. If it is your server, paste that certificate into Certificate authority, under Advanced.',
  'tls.untrusted': () =>
    'This computer does not know who issued the server’s certificate. For a company’s own authority, paste its certificate into Certificate authority, under Advanced.',
  'tls.expired': () => 'The server’s certificate has expired.',
  'tls.not-yet-valid': () =>
    'The server’s certificate is not valid yet. Is the clock of this computer right?',
  'tls.other-name': () =>
    'The server’s certificate is for another name. Check the endpoint for spelling.',
  'tls.speaks-http': () =>
    'The server answers without encryption on this port: write http:// in front.',
  'tls.speaks-https': () =>
    'The server wants encryption on this port: write https:// in front.',
  'clock.right': () => 'This computer and the server agree on the time.',
  'clock.off': (p: Params) =>
    `This computer is ${p['seconds'] ?? 'some'} seconds off. Dipper corrects for it; better turn on automatic time.`,
  'clock.unknown': () => 'The server does not tell its time.',
  'signature.accepted': () => 'The server takes these keys.',
  'signature.anonymous': () => 'Without keys: only what is public can be seen.',
  'list.buckets': (p: Params) => `Sees ${p['count'] ?? 0} buckets.`,
  'list.root': (p: Params) => `Can list ${p['root'] ?? 'the bucket'}.`,
  'list.no-buckets': () =>
    'These keys may not list buckets. That is normal for limited keys: fill in the bucket or path, or add buckets by name.',
  'list.denied': () =>
    'These keys may not list this path. Files can still be opened by their whole name.',
  'read.allowed': () => 'Can read files.',
  'read.nothing': () => 'There is no file to try reading with.',
  'read.denied': () => 'These keys may list but not read files here.',
  region: (p: Params) => `The bucket is in region ${p['region'] ?? 'unknown'}.`,
  running: () => 'In progress…',
  skipped: () => 'Not tried, because an earlier step failed.',
  'not-needed': () => 'Not needed here.',
} as const satisfies Readonly<Record<string, (params: Params) => string>>;

/** A `detail` the catalogue has words for. */
export type ConnectionTestDetail = keyof typeof DETAILS;

/** Words for one stage of a connection test. */
export interface StageText {
  readonly title: string;
  /** What came out and, for failures, why. */
  readonly text: string;
  /** What to do; empty when all is well. */
  readonly action: string;
}

/** The words for a stage as it stands. A failure speaks through its error. */
export function connectionTestText(stage: TestStage): StageText {
  const title = STAGE_NAMES[stage.name];
  const known: Readonly<Record<string, (params: Params) => string>> = DETAILS;
  const detail = Object.hasOwn(known, stage.detail)
    ? (known[stage.detail]?.(stage.params) ?? '')
    : '';
  if (stage.error === null) return { title, text: detail, action: '' };
  const { title: what, explanation, action } = errorText(stage.error);
  return { title, text: detail === '' ? `${what}. ${explanation}` : detail, action };
}
