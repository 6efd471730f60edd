import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';

import { IconButton } from '../shared/components/IconButton';

const next: Record<MantineColorScheme, MantineColorScheme> = { auto: 'light', light: 'dark', dark: 'auto' };
const icons = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon };
const names = { auto: 'system', light: 'light', dark: 'dark' };

export function ThemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <IconButton
      label={`Theme: ${names[colorScheme]}. Switch to ${names[next[colorScheme]]}`}
      icon={icons[colorScheme]}
      onClick={() => setColorScheme(next[colorScheme])}
    />
  );
}
