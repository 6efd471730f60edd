import { useMantineColorScheme } from '@mantine/core';
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconLayoutDashboard, IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';

import { getDashboards } from '../api/dashboards';
import type { ServerInfo } from '../api/pharos';
import { pages } from './pages';

/** Ctrl or Cmd and K: every page, every dashboard and a few commands by name. */
export function CommandPalette({ info }: { info: ServerInfo }) {
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const dashboards = useQuery({ queryKey: ['dashboards'], queryFn: ({ signal }) => getDashboards(signal) });

  const actions: SpotlightActionGroupData[] = [
    {
      group: 'Pages',
      actions: pages
        .filter((page) => info.demo || !page.demoOnly)
        .map((page) => ({
          id: page.path,
          label: page.title,
          description: page.hint,
          leftSection: <page.icon size={18} stroke={1.7} />,
          onClick: () => void navigate(page.path),
        })),
    },
    {
      group: 'Dashboards',
      actions: (dashboards.data ?? []).map((dashboard) => ({
        id: `dashboard-${dashboard.uid}`,
        label: dashboard.title,
        description: dashboard.tags.join(', '),
        leftSection: <IconLayoutDashboard size={18} stroke={1.7} />,
        onClick: () => void navigate(`/d/${dashboard.uid}`),
      })),
    },
    {
      group: 'Commands',
      actions: [
        {
          id: 'theme-dark',
          label: 'Dark theme',
          leftSection: <IconMoon size={18} stroke={1.7} />,
          onClick: () => setColorScheme('dark'),
        },
        {
          id: 'theme-light',
          label: 'Light theme',
          leftSection: <IconSun size={18} stroke={1.7} />,
          onClick: () => setColorScheme('light'),
        },
      ],
    },
  ];

  return (
    <Spotlight
      actions={actions}
      shortcut={['mod + K']}
      nothingFound="Nothing has that name"
      highlightQuery
      limit={20}
      scrollable
      maxHeight={420}
      searchProps={{ leftSection: <IconSearch size={18} />, placeholder: 'Go to a page or dashboard' }}
    />
  );
}
