import { useState } from 'react';
import type { ConnectionId } from '../../../../shared/domain/ids.ts';
import { useServices } from '../../../app/services.ts';
import { Field } from '../../../components/field.tsx';
import { TextInput } from '../../../components/text-input.tsx';
import { NameDialog } from './name-dialog.tsx';
import { bucketNameProblem, bucketNameWarning } from './names.ts';

/** Makes a bucket. */
export function NewBucketDialog(props: {
  readonly connectionId: ConnectionId;
  readonly onClose: () => void;
}) {
  const { api, pane, connections } = useServices();
  const { connectionId } = props;
  const [region, setRegion] = useState(connections.get(connectionId)?.region ?? '');
  return (
    <NameDialog
      title="New Bucket"
      label="Name"
      confirm="Create"
      problem={bucketNameProblem}
      warning={bucketNameWarning}
      hint={() => 'Names are shared by everybody on the same service: be specific.'}
      onConfirm={async (bucket) => {
        await api.browse.createBucket({ connectionId, bucket, region: region.trim() });
        pane.navigate({ connectionId, bucket: null, prefix: '' }, { select: bucket });
      }}
      onClose={props.onClose}
    >
      <Field layout="top" label="Region" hint="Left empty, the server chooses.">
        <TextInput value={region} maxLength={64} onChange={setRegion} />
      </Field>
    </NameDialog>
  );
}
