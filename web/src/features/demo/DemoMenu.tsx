import { Anchor, Badge, Button, Popover, Stack, Switch, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFlask } from '@tabler/icons-react';
import { Link } from 'react-router';

import { useFaults } from './useFaults';

/** The fault switches within reach of every page. */
export function DemoMenu() {
  const { faults, setFault } = useFaults();
  const [opened, menu] = useDisclosure(false);
  const list = faults.data ?? [];
  const active = list.filter((fault) => fault.active).length;
  return (
    <Popover
      opened={opened}
      onChange={(open) => !open && menu.close()}
      position="bottom-end"
      shadow="md"
      width={280}
      trapFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconFlask size={15} />}
          rightSection={
            active > 0 ? (
              <Badge size="sm" color="red" circle aria-label={`${active} faults on`}>
                {active}
              </Badge>
            ) : undefined
          }
          onClick={menu.toggle}
        >
          Demo
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Text fw={600}>Faults of the reference application</Text>
          {list.map((fault) => (
            <Switch
              key={fault.name}
              checked={fault.active}
              color="red"
              label={fault.title}
              onChange={(event) => setFault(fault.name, event.currentTarget.checked)}
            />
          ))}
          <Anchor component={Link} to="/demo" size="sm" onClick={menu.close}>
            What each of them does
          </Anchor>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
