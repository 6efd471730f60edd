import { CloseButton, Group, TextInput } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useState } from 'react';

import classes from './MatcherFilter.module.css';
import { matcherText, parseMatchers } from './matchers';

interface Props {
  filters: string[];
  onChange: (filters: string[]) => void;
}

/** Label matchers as removable chips, and a field that takes more of them. */
export function MatcherFilter({ filters, onChange }: Props) {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const add = () => {
    const matchers = parseMatchers(text);
    if (matchers === null) {
      setWrong(true);
      return;
    }
    onChange([...new Set([...filters, ...matchers.map(matcherText)])]);
    setText('');
  };
  return (
    <Group gap={6} flex={1}>
      <TextInput
        size="xs"
        w={280}
        maw="100%"
        data-page-search
        aria-label="Filter by matcher"
        placeholder='Filter, e.g. severity="critical"'
        leftSection={<IconFilter size={14} />}
        value={text}
        error={wrong ? 'Write a matcher such as team=~"ops|dev"' : undefined}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setWrong(false);
        }}
        onKeyDown={(event) => event.key === 'Enter' && add()}
      />
      {filters.map((filter) => (
        <span key={filter} className={classes.chip}>
          {filter}
          <CloseButton
            size={24}
            iconSize={13}
            aria-label={`Remove the filter ${filter}`}
            onClick={() => onChange(filters.filter((other) => other !== filter))}
          />
        </span>
      ))}
    </Group>
  );
}
