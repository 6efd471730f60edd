import { AppShell, Box, Burger, Group, Kbd, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { openSpotlight } from '@mantine/spotlight';
import { IconKeyboard, IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Link, Outlet, useLocation, useSearchParams } from 'react-router';

import { DemoMenu } from '../features/demo/DemoMenu';
import { IconButton } from '../shared/components/IconButton';
import { CheatSheet } from './CheatSheet';
import { CommandPalette } from './CommandPalette';
import { Logo } from './Logo';
import { Navigation } from './Navigation';
import classes from './Shell.module.css';
import { ThemeToggle } from './ThemeToggle';
import { useKeyboardShortcuts } from './useKeyboardShortcuts';
import { useServerInfo } from './useServerInfo';

export function Shell() {
  const [params] = useSearchParams();
  const location = useLocation();
  const [opened, navigation] = useDisclosure(false);
  const [cheatSheet, setCheatSheet] = useState(false);
  const info = useServerInfo();
  const kiosk = params.has('kiosk');
  useKeyboardShortcuts(() => setCheatSheet(true));
  useEffect(() => navigation.close(), [location.pathname]); // eslint-disable-line react-hooks/exhaustive-deps

  return (
    <AppShell
      header={{ height: kiosk ? 0 : 48 }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !opened || kiosk, desktop: kiosk } }}
      padding={0}
      transitionDuration={0}
    >
      <a className={classes.skip} href={`${location.pathname}${location.search}#main`} onClick={focusMain}>
        Skip to content
      </a>
      {kiosk ? null : (
        <AppShell.Header className={classes.header}>
          <Group h="100%" px="sm" justify="space-between" wrap="nowrap">
            <Group gap={8} wrap="nowrap">
              <Burger
                opened={opened}
                onClick={navigation.toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label="Navigation"
              />
              <Link to="/" className={classes.brand} aria-label="Pharos, start page">
                <Logo />
                <Text fw={700} fz={16}>
                  Pharos
                </Text>
              </Link>
            </Group>
            <Group gap={6} wrap="nowrap">
              <UnstyledButton className={classes.search} onClick={openSpotlight} visibleFrom="sm">
                <IconSearch size={14} />
                <Text size="sm">Search or jump to…</Text>
                <Kbd size="xs">Ctrl K</Kbd>
              </UnstyledButton>
              <Box hiddenFrom="sm">
                <IconButton label="Search" icon={IconSearch} onClick={openSpotlight} />
              </Box>
              {info.demo ? <DemoMenu /> : null}
              <IconButton
                label="Keyboard shortcuts"
                icon={IconKeyboard}
                onClick={() => setCheatSheet(true)}
                visibleFrom="sm"
              />
              <ThemeToggle />
            </Group>
          </Group>
        </AppShell.Header>
      )}
      <AppShell.Navbar className={classes.navbar} p={8}>
        <Navigation info={info} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <div className={classes.content}>
          <Outlet />
        </div>
      </AppShell.Main>
      <CommandPalette info={info} />
      <CheatSheet opened={cheatSheet} onClose={() => setCheatSheet(false)} />
    </AppShell>
  );
}

function focusMain(event: React.MouseEvent) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
