import { Query, type RequestTarget } from './request-target.ts';

/** Sub-resources a server can be told not to have. */
export const SWITCHABLE = [
  'acl',
  'cors',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'tagging',
] as const;

/** A sub-resource a server can be told not to have. */
export type SubResource = (typeof SWITCHABLE)[number];

/**
 * How weak servers lack a sub-resource: `notImplemented` answers 501; `ignored` acts as
 * if its name were not in the query: a read gets the bucket's listing or the object's
 * bytes, a write is answered as done and does nothing. (Servers in the wild have been
 * seen to delete the object then; this one does not.)
 */
export type Features = Readonly<
  Partial<Record<SubResource, 'notImplemented' | 'ignored'>>
>;

/** The switch that concerns a request, with the sub-resource's name. */
export function switchedOff(
  target: RequestTarget,
  features: Features,
):
  | { readonly name: SubResource; readonly how: 'notImplemented' | 'ignored' }
  | undefined {
  for (const name of SWITCHABLE) {
    const how = features[name];
    if (how !== undefined && target.query.has(name)) return { name, how };
  }
  return undefined;
}

/** A request as seen by a server that does not know a parameter. */
export function without(target: RequestTarget, name: string): RequestTarget {
  const left = target.query.parameters.filter((parameter) => parameter.name !== name);
  return { ...target, query: new Query(left) };
}
