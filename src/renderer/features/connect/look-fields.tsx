import type { BookmarkFolder } from '../../../shared/domain/bookmark.ts';
import type { FolderId } from '../../../shared/domain/ids.ts';
import { Field } from '../../components/field.tsx';
import { Select } from '../../components/select.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { ColourPicker } from '../bookmarks/colour-picker.tsx';
import { type FormControl, messagesOf } from './form-control.ts';

const NO_FOLDER = '';

/** Props of {@link LookFields}. */
export interface LookFieldsProps {
  readonly control: FormControl;
  readonly folders: readonly BookmarkFolder[];
  /** What the bookmark is called when the name is left empty. */
  readonly fallbackName: string;
}

/** Name, colour and folder: how the bookmark looks in the sidebar. */
export function LookFields({ control, folders, fallbackName }: LookFieldsProps) {
  const { form, change, leave } = control;
  return (
    <>
      <Field label="Nickname" {...messagesOf(control, 'nickname')}>
        <TextInput
          value={form.nickname}
          placeholder={fallbackName}
          onChange={(nickname) => change((current) => ({ ...current, nickname }))}
          onBlur={() => leave('nickname')}
        />
      </Field>
      <Field label="Colour">
        <ColourPicker
          value={form.colour}
          onChange={(colour) => change((current) => ({ ...current, colour }))}
        />
      </Field>
      {folders.length > 0 && (
        <Field label="Folder">
          <Select<string>
            value={form.folderId ?? NO_FOLDER}
            options={[
              { value: NO_FOLDER, label: 'None' },
              ...folders.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(value) => {
              const folderId: FolderId | null =
                folders.find((folder) => folder.id === value)?.id ?? null;
              change((current) => ({ ...current, folderId }));
            }}
          />
        </Field>
      )}
    </>
  );
}
