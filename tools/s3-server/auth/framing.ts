import { S3Error } from '../errors.ts';
import type { PayloadPlan } from './payload-plan.ts';

/**
 * What a server makes of aws-chunked bodies. Servers in the wild answer 411 (`refused`),
 * keep the framing as content (`stored`), or decode it and look at no trailer
 * (`unverified`).
 */
export type Framing = 'verified' | 'unverified' | 'stored' | 'refused';

/** A request's headers and its body's plan. */
interface Taken {
  readonly headers: Readonly<Record<string, string>>;
  readonly plan: PayloadPlan;
}

/**
 * A request as a server with this framing takes it.
 *
 * @throws S3Error `MissingContentLength` for a framed body that is refused
 */
export function takeFraming(
  framing: Framing,
  headers: Readonly<Record<string, string>>,
  plan: PayloadPlan,
): Taken {
  if (framing === 'verified' || plan.kind === 'plain') return { headers, plan };
  if (framing === 'refused') throw new S3Error('MissingContentLength');
  const { 'x-amz-trailer': _, ...others } = headers;
  const plain = { kind: 'plain', sha256: undefined } as const;
  return { headers: others, plan: framing === 'stored' ? plain : plan };
}
