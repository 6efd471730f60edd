import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';

import type { Matcher } from '../../api/alertmanager';
import { IconButton } from '../../shared/components/IconButton';
import { operatorOf, operators, withOperator, type Operator } from './matchers';

interface Props {
  matchers: Matcher[];
  onChange: (matchers: Matcher[]) => void;
}

export function MatcherEditor({ matchers, onChange }: Props) {
  const replace = (index: number, matcher: Matcher) =>
    onChange(matchers.map((old, i) => (i === index ? matcher : old)));
  return (
    <Stack gap={6}>
      <Text size="sm" fw={500}>
        Alerts with all of these labels
      </Text>
      {matchers.map((matcher, i) => (
        <Group key={i} gap={6} wrap="nowrap">
          <TextInput
            size="xs"
            flex={2}
            aria-label={`Label ${i + 1}`}
            placeholder="label"
            value={matcher.name}
            onChange={(event) => replace(i, { ...matcher, name: event.currentTarget.value.trim() })}
          />
          <Select
            size="xs"
            w={68}
            aria-label={`Operator ${i + 1}`}
            data={operators}
            value={operatorOf(matcher)}
            allowDeselect={false}
            onChange={(operator) => replace(i, withOperator(matcher, operator as Operator))}
          />
          <TextInput
            size="xs"
            flex={3}
            aria-label={`Value ${i + 1}`}
            placeholder="value"
            value={matcher.value}
            onChange={(event) => replace(i, { ...matcher, value: event.currentTarget.value })}
          />
          <IconButton
            label={`Remove matcher ${matcher.name || i + 1}`}
            icon={IconTrash}
            disabled={matchers.length === 1}
            onClick={() => onChange(matchers.filter((_, other) => other !== i))}
          />
        </Group>
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        w="fit-content"
        leftSection={<IconPlus size={13} />}
        onClick={() => onChange([...matchers, { name: '', value: '', isRegex: false, isEqual: true }])}
      >
        Add matcher
      </Button>
    </Stack>
  );
}
