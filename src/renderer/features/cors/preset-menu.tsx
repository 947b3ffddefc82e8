import { CORS_PRESETS } from '../../../shared/domain/cors/presets.ts';
import { Button } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import { type CorsDraft, withRule } from './cors-draft.ts';

/** Ready-made rules to add. */
export function PresetMenu({
  onChange,
}: {
  readonly onChange: (update: (draft: CorsDraft) => CorsDraft) => void;
}) {
  return (
    <Menu
      trigger={<Button hasMenu>Presets</Button>}
      align="end"
      items={CORS_PRESETS.map(({ id, label, rule }) => ({
        kind: 'item',
        id,
        label,
        onSelect: () => onChange((now) => withRule(now, rule)),
      }))}
    />
  );
}
