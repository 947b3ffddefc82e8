import type { Handlers } from '../../../shared/contract/define.ts';
import type { EngineCalls } from '../../../shared/contract/engine.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { CallContext } from '../../rpc/serve-contract.ts';

/** The calls of the engine contract that this service answers. */
export type AspectCallName = Extract<keyof EngineCalls, `aspects.${string}`>;

/** What the inspector reads and changes of buckets and objects. */
export function createAspectHandlers(): Pick<
  Handlers<EngineCalls, CallContext>,
  AspectCallName
> {
  const unsupported = (): never => {
    throw new AppError('provider.unsupported');
  };
  return {
    'aspects.read': unsupported,
    'aspects.write': unsupported,
    'aspects.earlier': unsupported,
    'aspects.changeMany': unsupported,
    'aspects.exposure': unsupported,
    'aspects.anonymous': unsupported,
    'aspects.preflight': unsupported,
    'aspects.sign': unsupported,
    'aspects.testLink': unsupported,
  };
}
