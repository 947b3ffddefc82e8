import type { Exposure, PublicAccessBlock } from '../../../shared/domain/exposure.ts';
import { whyNotPublic } from '../aspects/acl/why-not-public.ts';

/** What the badge says. */
export const VERDICT_LABELS: Readonly<Record<Exposure['verdict'], string>> = {
  private: 'Private',
  'public-acl': 'Public by ACL',
  'public-policy': 'Public by policy',
  'public-accounts': 'Open to accounts',
  public: 'Public',
  unknown: 'Not known',
};

const SWITCHES: Readonly<Record<keyof PublicAccessBlock, string>> = {
  blockPublicAcls: 'Block public ACLs',
  ignorePublicAcls: 'Ignore public ACLs',
  blockPublicPolicy: 'Block public policies',
  restrictPublicBuckets: 'Restrict public buckets',
};

const NOT_TOLD = 'Not told by the server';

/** The verdict in a sentence. */
export function verdictText(exposure: Exposure, isObject: boolean): string {
  const { verdict, aclIsPublic } = exposure;
  switch (verdict) {
    case 'private':
      if (aclIsPublic === true)
        return `Strangers do not get in. ${whyNotPublic(exposure)}`;
      return isObject
        ? 'It opens only with keys, or by a signed link.'
        : 'It is listed only with keys. Objects in it may be public by lists of their own.';
    case 'public-acl':
      return isObject
        ? 'Everyone can open it without keys: its ACL says so.'
        : 'Its ACL lets in everyone, or everyone with an account. Objects keep lists of their own.';
    case 'public-policy':
      return isObject
        ? 'Everyone can open it without keys: the bucket’s policy says so.'
        : 'Its policy lets everyone in.';
    case 'public-accounts':
      return 'Strangers do not get in, but everyone with an account at this service does, whoever they are: its ACL says so.';
    case 'public':
      return isObject
        ? 'Everyone can open it without keys.'
        : 'Its ACL and its policy let everyone in.';
    default:
      return 'The server did not tell who may read it, and nobody could try.';
  }
}

/** What the verdict goes by: a label and what was found. */
export function exposureFacts(
  exposure: Exposure,
  isObject: boolean,
): readonly (readonly [string, string])[] {
  const { verdict, aclIsPublic, policyIsPublic, block, ownership, anonymous } = exposure;
  const everyone =
    verdict === 'public-accounts' ? 'everyone with an account' : 'everyone';
  const facts: (readonly [string, string])[] = [];
  if (isObject) facts.push(['Without keys', anonymousText(anonymous)]);
  facts.push(
    [
      'ACL',
      told(aclIsPublic, `Gives access to ${everyone}`, 'Gives nothing to everyone'),
    ],
    ['Bucket policy', told(policyIsPublic, 'Public', 'Not public')],
    ['Public access block', block === null ? NOT_TOLD : blockText(block)],
  );
  if (ownership !== '') facts.push(['Object ownership', ownershipText(ownership)]);
  return facts;
}

function anonymousText(answer: Exposure['anonymous']): string {
  if (answer === null) return 'Not asked';
  const { status, code } = answer;
  if (status === null) return 'No answer';
  const said = `HTTP ${status}${code === '' ? '' : ` (${code})`}`;
  if (status >= 200 && status < 300) return `Opens: ${said}`;
  return status === 401 || status === 403 ? `Refused: ${said}` : said;
}

function told(value: boolean | null, yes: string, no: string): string {
  if (value === null) return NOT_TOLD;
  return value ? yes : no;
}

function blockText(block: PublicAccessBlock): string {
  const names = Object.keys(SWITCHES) as (keyof PublicAccessBlock)[];
  const on = names.filter((name) => block[name]);
  if (on.length === 0) return 'Off';
  if (on.length === names.length) return 'On';
  return `In part: ${on.map((name) => SWITCHES[name]).join(', ')}`;
}

function ownershipText(ownership: string): string {
  switch (ownership) {
    case 'BucketOwnerEnforced':
      return 'Bucket owner enforced: ACLs are off';
    case 'BucketOwnerPreferred':
      return 'Bucket owner preferred';
    case 'ObjectWriter':
      return 'Object writer';
    default:
      return ownership;
  }
}
