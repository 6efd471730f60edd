import {
  IconBell,
  IconChartLine,
  IconChecklist,
  IconFileText,
  IconFlask,
  IconHierarchy2,
  IconInfoCircle,
  IconLayoutDashboard,
  IconSend,
  IconTarget,
  IconTimeline,
  type Icon,
} from '@tabler/icons-react';

export interface Page {
  path: string;
  title: string;
  hint: string;
  icon: Icon;
  /** Second key of the `g` chord that opens the page. */
  chord: string;
  demoOnly?: boolean;
}

export const pages: Page[] = [
  {
    path: '/dashboards',
    title: 'Dashboards',
    hint: 'Charts from your Grafana files',
    icon: IconLayoutDashboard,
    chord: 'd',
  },
  { path: '/query', title: 'Query', hint: 'Ask in PromQL', icon: IconChartLine, chord: 'q' },
  { path: '/logs', title: 'Logs', hint: 'What services wrote, in LogQL', icon: IconFileText, chord: 'l' },
  {
    path: '/traces',
    title: 'Traces',
    hint: 'Requests through your services',
    icon: IconTimeline,
    chord: 'c',
  },
  {
    path: '/service-map',
    title: 'Service map',
    hint: 'Who calls whom, and how it goes',
    icon: IconHierarchy2,
    chord: 'm',
  },
  { path: '/alerts', title: 'Alerts', hint: 'What is firing, and silences', icon: IconBell, chord: 'a' },
  { path: '/rules', title: 'Rules', hint: 'Recording and alerting rules', icon: IconChecklist, chord: 'r' },
  {
    path: '/targets',
    title: 'Targets',
    hint: 'What is scraped, and how it went',
    icon: IconTarget,
    chord: 't',
  },
  { path: '/notifications', title: 'Notifications', hint: 'What left Pharos', icon: IconSend, chord: 'n' },
  {
    path: '/demo',
    title: 'Demo',
    hint: 'Faults of the reference application',
    icon: IconFlask,
    chord: 'x',
    demoOnly: true,
  },
  {
    path: '/status',
    title: 'Status',
    hint: 'Build, storage, flags, configuration',
    icon: IconInfoCircle,
    chord: 's',
  },
];
