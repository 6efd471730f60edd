import { Center, Stack, Text, ThemeIcon } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface Props {
  icon: Icon;
  title: string;
  children?: ReactNode;
  color?: string;
  compact?: boolean;
}

/** What stands where content would be: says what is missing, why, and what to do. */
export function StateMessage({ icon: IconShape, title, children, color = 'gray', compact = false }: Props) {
  return (
    <Center py={compact ? 'xs' : 48} px="md" h="100%">
      <Stack align="center" gap={compact ? 4 : 'xs'} maw={520}>
        {compact ? null : (
          <ThemeIcon variant="light" color={color} size={48} radius="xl">
            <IconShape size={26} stroke={1.5} />
          </ThemeIcon>
        )}
        <Text fw={600} ta="center">
          {title}
        </Text>
        {children === undefined ? null : (
          <Text component="div" size="sm" c="dimmed" ta="center">
            {children}
          </Text>
        )}
      </Stack>
    </Center>
  );
}
