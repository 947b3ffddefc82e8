import type { AspectName, Place } from '../../../shared/domain/aspects.ts';
import { ASPECT_WORDS } from '../../../shared/messages/aspects.en.ts';
import type { Connections } from '../../stores/connections.ts';
import type { Dialogs } from '../../stores/dialogs.ts';
import type { InspectorStore } from '../../stores/inspector.ts';
import type { ItemActions } from '../browser/actions/items.ts';
import type { Pane } from '../browser/pane/pane.ts';
import { linkedOf } from './linked.ts';
import { type InspectorSubject, manyOf, placeOf, subjectOf } from './subject.ts';

/** Opening the inspector's editors for what is selected, else for the folder on screen. */
export interface AspectActions {
  /** The sheet of the bucket or object, or of all objects of a folder or a selection. */
  readonly open: (aspect: AspectName) => void;
  /** Why there is none, in a few words; `null`: there is one, or nothing to open it for. */
  readonly whyNot: (aspect: AspectName) => string | null;
  readonly openLinks: () => void;
  readonly whyNoLink: () => string | null;
}

/** Makes the actions of a window. */
export function createAspectActions(deps: {
  readonly pane: Pick<Pane, 'store'>;
  readonly items: Pick<ItemActions, 'rows' | 'selected'>;
  readonly dialogs: Pick<Dialogs, 'open'>;
  readonly inspector: Pick<InspectorStore, 'isLacking'>;
  readonly connections: Pick<Connections, 'get'>;
}): AspectActions {
  const { pane, items, dialogs, inspector, connections } = deps;

  function subject(): InspectorSubject {
    const { location, selection } = pane.store.getState();
    return subjectOf(location, items.rows(2), selection.rows.size);
  }

  /** What an aspect's own sheet is for; `null`: a sheet for many, or none. */
  function targetOf(about: InspectorSubject, aspect: AspectName): Place | null {
    if (aspect === 'cors') return bucketOf(about, items.rows(1).length > 0);
    const place = placeOf(about);
    return aspect === 'headers' && place?.key === null ? null : place;
  }

  function chosen() {
    return items.selected()?.items ?? [];
  }

  return {
    open: (aspect) => {
      const about = subject();
      const place = targetOf(about, aspect);
      if (place !== null) {
        dialogs.open({ kind: 'aspect', aspect, place });
        return;
      }
      const many = aspect === 'cors' ? null : manyOf(about, chosen);
      if (aspect !== 'cors' && many !== null) {
        dialogs.open({ kind: 'aspect-many', aspect, ...many });
      }
    },
    whyNot: (aspect) => {
      const about = subject();
      if (about.kind === 'nothing') return null;
      if (about.kind === 'several' && about.location.bucket === null) {
        return 'Select one bucket';
      }
      const place = targetOf(about, aspect);
      if (aspect === 'cors' && place === null) return 'Only buckets have rules';
      const { connectionId, bucket } = about.location;
      const asked = place ?? { connectionId, bucket: bucket ?? '', key: '' };
      return inspector.isLacking(asked, aspect)
        ? `This server has no ${ASPECT_WORDS[aspect]}`
        : null;
    },
    openLinks: () => {
      const linked = linkedOf(subject(), chosen);
      if (linked !== null) dialogs.open({ kind: 'links', ...linked });
    },
    whyNoLink: () => {
      const about = subject();
      if (about.kind === 'nothing') return null;
      if (linkedOf(about, () => []) === null) return 'Select objects or folders';
      return connections.get(about.location.connectionId)?.anonymous === true
        ? 'Links are signed with keys: this connection has none'
        : null;
    },
  };
}

/** The bucket whose rules are meant: the selected one, or the one whose folder is shown. */
function bucketOf(about: InspectorSubject, isSelected: boolean): Place | null {
  const place = placeOf(about);
  if (place?.key === null) return place;
  if (about.kind !== 'folder' || isSelected) return null;
  return { connectionId: about.location.connectionId, bucket: about.bucket, key: null };
}
