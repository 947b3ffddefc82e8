import type { Acl, Place } from '../../../../shared/domain/aspects.ts';
import { Fact, FactList } from '../../inspector/parts.tsx';
import { presetOf } from './acl-presets.ts';
import { aclEntries } from './acl-words.ts';

/** Who may do what, in the inspector. */
export function AclSummary({
  value,
  place,
}: {
  readonly value: Acl;
  readonly place: Place;
}) {
  const preset = presetOf(value, place.key === null, null);
  return (
    <FactList>
      <Fact label="ACL" value={preset?.label ?? 'Custom'} />
      <Fact
        label="Owner"
        value={value.owner.name === '' ? value.owner.id : value.owner.name}
        title={value.owner.id}
      />
      {preset === null &&
        aclEntries(value).map(([who, what]) => (
          <Fact key={who} label={who} value={what} />
        ))}
    </FactList>
  );
}
