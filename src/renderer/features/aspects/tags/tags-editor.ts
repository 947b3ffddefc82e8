import { type AspectEditor, namedChanges } from '../aspect-editor.ts';
import { TagsForm } from './tags-form.tsx';
import {
  mostTags,
  type TagsDraft,
  tagEntries,
  tagProblems,
  tagsDraft,
  tagsOf,
} from './tags-model.ts';

/** Edits the tags of a bucket or an object. */
export const TAGS_EDITOR: AspectEditor<'tags', TagsDraft> = {
  aspect: 'tags',
  title: () => 'Tags',
  draftOf: tagsDraft,
  valueOf: tagsOf,
  problems: (draft, place) => tagProblems(draft, mostTags(place)),
  changes: (before, after) => namedChanges(tagEntries(before), tagEntries(after)),
  Form: TagsForm,
};
