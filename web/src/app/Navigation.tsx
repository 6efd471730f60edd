import { Badge, Group, Kbd, Stack, Text } from '@mantine/core';
import { NavLink, useLocation } from 'react-router';

import type { ServerInfo } from '../api/pharos';
import classes from './Navigation.module.css';
import { pages } from './pages';
import { useFiringCount } from './useFiringCount';

export function Navigation({ info }: { info: ServerInfo }) {
  const firing = useFiringCount();
  const onDashboard = useLocation().pathname.startsWith('/d/');
  return (
    <>
      <Stack component="nav" gap={2} aria-label="Pages">
        {pages
          .filter((page) => info.demo || !page.demoOnly)
          .map((page) => (
            <NavLink
              key={page.path}
              to={page.path}
              className={({ isActive }) =>
                `${classes.link} ${isActive || (onDashboard && page.path === '/dashboards') ? classes.active : ''}`
              }
            >
              <page.icon size={17} stroke={1.7} aria-hidden />
              <span>{page.title}</span>
              {page.path === '/alerts' && firing > 0 ? (
                <Badge size="sm" color="red" ml="auto" aria-label={`${firing} firing`}>
                  {firing}
                </Badge>
              ) : null}
            </NavLink>
          ))}
      </Stack>
      <Group mt="auto" px={8} gap={6} visibleFrom="sm">
        <Text size="xs" c="dimmed">
          <Kbd size="xs">?</Kbd> shortcuts
        </Text>
        {info.version ? (
          <Text size="xs" c="dimmed" ml="auto">
            {info.version}
          </Text>
        ) : null}
      </Group>
    </>
  );
}
