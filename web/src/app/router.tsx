import { createBrowserRouter, Navigate } from 'react-router';

import { basePath } from '../api/http';
import { FromGraph } from './FromGraph';
import { RouteError } from './RouteError';
import { Shell } from './Shell';

export const router = createBrowserRouter(
  [
    {
      element: <Shell />,
      errorElement: <RouteError />,
      hydrateFallbackElement: <></>,
      children: [
        {
          errorElement: <RouteError />,
          children: [
            { path: '/', element: <Navigate to="/dashboards" replace /> },
            { path: '/graph', element: <FromGraph /> },
            { path: '/dashboards', lazy: () => import('../features/dashboards/DashboardListPage') },
            { path: '/d/:uid/:slug?', lazy: () => import('../features/dashboards/DashboardPage') },
            { path: '/query', lazy: () => import('../features/query/QueryPage') },
            { path: '/logs', lazy: () => import('../features/logs/LogsPage') },
            { path: '/traces', lazy: () => import('../features/traces/search/TracesPage') },
            { path: '/traces/:id', lazy: () => import('../features/traces/TracePage') },
            { path: '/service-map', lazy: () => import('../features/traces/map/ServiceMapPage') },
            { path: '/alerts', lazy: () => import('../features/alerts/AlertsPage') },
            { path: '/rules', lazy: () => import('../features/rules/RulesPage') },
            { path: '/targets', lazy: () => import('../features/targets/TargetsPage') },
            { path: '/notifications', lazy: () => import('../features/notifications/NotificationsPage') },
            { path: '/demo', lazy: () => import('../features/demo/DemoPage') },
            { path: '/status', lazy: () => import('../features/status/StatusPage') },
          ],
        },
      ],
    },
  ],
  { basename: basePath },
);
