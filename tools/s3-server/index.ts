/** The public face of the S3 server: all that demo, tests and benchmarks import. */
export type { Framing } from './auth/framing.ts';
export type {
  FaultAction,
  FaultController,
  FaultHandle,
  FaultHit,
  FaultMatch,
  FaultSpec,
} from './faults.ts';
export type { Features, SubResource } from './features.ts';
export type { Limits } from './handlers/call.ts';
export type { Operation } from './operations.ts';
export type { RequestRecord } from './request-log.ts';
export type { SeedEntry } from './seeding.ts';
export {
  type NewBucketOptions,
  type ObjectInfo,
  type S3Server,
  type S3ServerOptions,
  startS3Server,
} from './server.ts';
export { generatedBytes } from './store/generated.ts';
export type { S3User, S3Users, UserPolicy } from './users.ts';
