import { useState } from 'react';
import type { Place } from '../../../shared/domain/aspects.ts';
import { AspectSheet } from '../aspects/aspect-sheet.tsx';
import { createCorsEditor } from './cors-editor.ts';
import { createLab, LabProvider } from './lab/lab-state.ts';

/** The sheet of a bucket's CORS rules. */
export function CorsDialog(props: {
  readonly place: Place;
  readonly onClose: () => void;
}) {
  const [lab] = useState(createLab);
  const [editor] = useState(() => createCorsEditor(lab));
  return (
    <LabProvider value={lab}>
      <AspectSheet editor={editor} {...props} />
    </LabProvider>
  );
}
