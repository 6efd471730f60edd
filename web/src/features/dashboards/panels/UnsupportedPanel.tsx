import { IconPuzzleOff } from '@tabler/icons-react';

import { StateMessage } from '../../../shared/components/StateMessage';

export function UnsupportedPanel({ sourceType }: { sourceType: string }) {
  return (
    <StateMessage icon={IconPuzzleOff} title="Not drawn yet" compact>
      Pharos does not draw panels of the type <code>{sourceType}</code> yet. The file is left as it is, and
      the rest of the dashboard works.
    </StateMessage>
  );
}
