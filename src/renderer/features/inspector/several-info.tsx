import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useServices } from '../../app/services.ts';
import type { Location } from '../browser/model/location.ts';
import { CountSection } from './count-section.tsx';
import { Fact, Facts } from './parts.tsx';

/** How many are selected and how large they are together. */
export function SeveralInfo({ location }: { readonly location: Location }) {
  const { pane, items, format } = useServices();
  const model = useStore(pane.store, (state) => state.model);
  const rows = useStore(pane.store, (state) => state.selection.rows);
  const sum = useMemo(() => {
    let files = 0;
    let folders = 0;
    let bytes = 0;
    if (model) {
      for (const row of rows) {
        const size = model.columns.sizeOf(row);
        if (size >= 0) {
          files += 1;
          bytes += size;
        } else folders += 1;
      }
    }
    return { files, folders, bytes };
  }, [model, rows]);
  const { bucket } = location;
  return (
    <>
      <Facts>
        <Fact label="Files" value={sum.files > 0 ? format.count(sum.files) : null} />
        <Fact
          label={bucket === null ? 'Buckets' : 'Folders'}
          value={sum.folders > 0 ? format.count(sum.folders) : null}
        />
        <Fact
          label="Size of files"
          value={sum.files > 0 ? format.bytes(sum.bytes) : null}
        />
      </Facts>
      {bucket !== null && sum.folders > 0 && (
        <CountSection
          connectionId={location.connectionId}
          bucket={bucket}
          items={async () => items.selected()?.items ?? []}
        />
      )}
    </>
  );
}
