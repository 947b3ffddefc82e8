import { z } from 'zod';
import { S3Error } from '../errors.ts';
import type { Accounts } from './accounts.ts';
import { REQUIREMENTS } from './actions.ts';
import type { Principal, Statement } from './policy.ts';
import {
  CONDITION_KEYS,
  CONDITION_OPERATORS,
  type PolicyCondition,
} from './policy-conditions.ts';
import { fits } from './wildcard.ts';

const ARN = 'arn:aws:s3:::';
const VERSIONS: ReadonlySet<unknown> = new Set(['2012-10-17', '2008-10-17', undefined]);

const Texts = z.union([
  z.string().transform((text): readonly string[] => [text]),
  z.array(z.string()).readonly(),
]);

const RawStatement = z.looseObject({
  Effect: z.unknown(),
  Principal: z.unknown(),
  Action: Texts.optional(),
  NotAction: Texts.optional(),
  Resource: Texts.optional(),
  NotResource: Texts.optional(),
  Condition: z
    .record(
      z.string(),
      z.record(z.string(), z.union([Texts, z.boolean().transform((b) => [String(b)])])),
    )
    .optional(),
});

type RawStatement = z.infer<typeof RawStatement>;

/**
 * Reads a bucket's policy.
 *
 * @param bucket its resources must be in this one
 * @throws S3Error `MalformedPolicy` in AWS's words, `NotImplemented` for what would be
 *   valid but this server cannot judge
 */
export function readPolicy(
  text: string,
  bucket: string,
  accounts: Accounts,
): readonly Statement[] {
  const document = readObject(text);
  if (!VERSIONS.has(document['Version'])) {
    throw malformed('The policy must contain a valid version string');
  }
  const found = document['Statement'];
  if (found === undefined) throw malformed('Missing required field Statement');
  const list: readonly unknown[] = Array.isArray(found) ? found : [found];
  if (list.length === 0)
    throw malformed('Could not parse the policy: Statement is empty!');
  return list.map((item) => {
    const parsed = RawStatement.safeParse(item);
    if (!parsed.success) throw malformed('Invalid policy syntax.');
    return readStatement(parsed.data, bucket, accounts);
  });
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  const invalid = "Policies must be valid JSON and the first byte must be '{'";
  if (!text.startsWith('{')) throw malformed(invalid);
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    throw malformed(invalid);
  }
}

function readStatement(raw: RawStatement, bucket: string, accounts: Accounts): Statement {
  if (raw['NotPrincipal'] !== undefined) throw notJudged('NotPrincipal');
  if (raw.Effect === undefined) throw malformed('Missing required field Effect');
  if (raw.Effect !== 'Allow' && raw.Effect !== 'Deny') {
    const said = typeof raw.Effect === 'string' ? raw.Effect : JSON.stringify(raw.Effect);
    throw malformed(`Invalid effect: ${said}`);
  }
  if (raw.Principal === undefined) throw malformed('Missing required field Principal');
  const actions = raw.Action ?? raw.NotAction;
  if (actions === undefined) throw malformed('Missing required field Action');
  const resources = raw.Resource ?? raw.NotResource;
  if (resources === undefined) throw malformed('Missing required field Resource');
  if (!actions.every((action) => action === '*' || /^s3:[\w*?]+$/i.test(action))) {
    throw malformed('Policy has invalid action');
  }
  const places = resources.map((resource) => readResource(resource, bucket));
  const lower = actions.map((action) => action.toLowerCase());
  if (raw.Action && raw.Resource) requireApplicable(lower, places, bucket);
  return {
    allow: raw.Effect === 'Allow',
    principals: readPrincipals(raw.Principal, accounts),
    actions: { not: raw.Action === undefined, patterns: lower },
    resources: { not: raw.Resource === undefined, patterns: places },
    conditions: readConditions(raw.Condition ?? {}),
  };
}

function readResource(resource: string, bucket: string): string {
  const place = resource.startsWith(ARN) ? resource.slice(ARN.length) : undefined;
  const name = place?.split('/', 1)[0] ?? '';
  if (place === undefined || !fits(name, bucket, true)) {
    throw malformed('Policy has invalid resource');
  }
  return place;
}

/** An action on objects needs a resource with objects, and the other way round. */
function requireApplicable(
  actions: readonly string[],
  resources: readonly string[],
  bucket: string,
): void {
  const known = Object.values(REQUIREMENTS);
  const applies = actions.every((action) => {
    const meant = known.filter((one) => fits(action, one.action.toLowerCase(), true));
    // An action this server does not have gives nothing, wherever it points.
    if (meant.length === 0) return true;
    return meant.some(({ on }) =>
      resources.some((resource) =>
        on === 'bucket'
          ? fits(resource, bucket, true)
          : resource.includes('/') || resource.endsWith('*'),
      ),
    );
  });
  if (!applies) {
    throw malformed('Action does not apply to any resource(s) in statement');
  }
}

const PrincipalMap = z.strictObject({
  AWS: Texts.optional(),
  CanonicalUser: Texts.optional(),
});

function readPrincipals(value: unknown, accounts: Accounts): readonly Principal[] {
  if (value === '*') return [{ kind: 'anybody' }];
  const parsed = PrincipalMap.safeParse(value);
  if (!parsed.success) throw malformed('Invalid principal in policy');
  const { AWS = [], CanonicalUser = [] } = parsed.data;
  return [
    ...AWS.map((name) => readPrincipal(name, accounts)),
    ...CanonicalUser.map((id): Principal => {
      const account = accounts.nameOf(id);
      if (account === undefined) throw malformed('Invalid principal in policy');
      return { kind: 'account', account };
    }),
  ];
}

/** `*`, an account, or `arn:aws:iam::ACCOUNT:root` and `…:user/NAME`. */
function readPrincipal(name: string, accounts: Accounts): Principal {
  if (name === '*') return { kind: 'anybody' };
  const arn = /^arn:aws:iam::([\w-]+):(?:root|user\/(.+))$/.exec(name);
  const account = arn ? (arn[1] ?? '') : name;
  if (!accounts.has(account)) throw malformed('Invalid principal in policy');
  const user = arn?.[2];
  return user === undefined
    ? { kind: 'account', account }
    : { kind: 'user', account, user };
}

function readConditions(
  raw: NonNullable<RawStatement['Condition']>,
): readonly PolicyCondition[] {
  return Object.entries(raw).flatMap(([name, keys]) => {
    const operator = CONDITION_OPERATORS.find((one) => one === name);
    if (operator === undefined) throw notJudged(`the condition operator ${name}`);
    return Object.entries(keys).map(([key, values]): PolicyCondition => {
      const lower = key.toLowerCase();
      if (!CONDITION_KEYS.has(lower)) throw notJudged(`the condition key ${key}`);
      return { operator, key: lower, values };
    });
  });
}

function malformed(message: string): S3Error {
  return new S3Error('MalformedPolicy', { message });
}

function notJudged(what: string): S3Error {
  return new S3Error('NotImplemented', {
    message: `This server does not implement ${what} of policies.`,
  });
}
