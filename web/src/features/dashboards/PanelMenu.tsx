import { Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconDotsVertical,
  IconLink,
  IconReportSearch,
  IconTable,
} from '@tabler/icons-react';

import type { Panel } from '../../api/dashboards';
import { IconButton } from '../../shared/components/IconButton';
import classes from './PanelCard.module.css';
import { hasData } from './usePanelData';

interface Props {
  panel: Panel;
  viewed: boolean;
  asTable: boolean;
  onView: () => void;
  onInspect: () => void;
  onToggleTable: () => void;
}

export function PanelMenu({ panel, viewed, asTable, onView, onInspect, onToggleTable }: Props) {
  const copyLink = async () => {
    const url = new URL(window.location.href);
    url.searchParams.set('viewPanel', String(panel.id));
    await navigator.clipboard.writeText(url.href);
    notifications.show({ message: 'The link to this panel is in the clipboard.' });
  };
  return (
    <Menu position="bottom-end" shadow="md" width={180}>
      <Menu.Target>
        <IconButton
          className={classes.menu}
          label={`Menu of ${panel.title}`}
          icon={IconDotsVertical}
          size={26}
        />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={viewed ? <IconArrowsMinimize size={15} /> : <IconArrowsMaximize size={15} />}
          onClick={onView}
        >
          {viewed ? 'Back to dashboard' : 'View'}
        </Menu.Item>
        {hasData(panel) ? (
          <Menu.Item leftSection={<IconReportSearch size={15} />} onClick={onInspect}>
            Inspect query
          </Menu.Item>
        ) : null}
        {panel.type === 'timeseries' ? (
          <Menu.Item leftSection={<IconTable size={15} />} onClick={onToggleTable}>
            {asTable ? 'Show as chart' : 'Show as table'}
          </Menu.Item>
        ) : null}
        <Menu.Item leftSection={<IconLink size={15} />} onClick={() => void copyLink()}>
          Copy link
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
