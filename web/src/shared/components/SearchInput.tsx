import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';

interface Props {
  value: string;
  onChange: (value: string) => void;
  label: string;
  width?: number;
}

// Long enough that an address change is not made for every letter, short enough to feel immediate.
const quietMs = 120;

/**
 * The page's search field; the shell's `/` key focuses the first element marked data-page-search.
 * What is typed is kept here and reported when the typing pauses: the address, where the value lives,
 * changes too slowly to hold every letter.
 */
export function SearchInput({ value, onChange, label, width = 260 }: Props) {
  const [draft, setDraft] = useState(value);
  const [known, setKnown] = useState(value);
  const [reported, setReported] = useState(value);
  if (value !== known) {
    setKnown(value);
    if (value !== reported) {
      setReported(value);
      setDraft(value);
    }
  }
  const report = (text: string) => {
    setReported(text);
    onChange(text);
  };
  const reportSoon = useDebouncedCallback(report, quietMs);
  const clear = () => {
    setDraft('');
    report('');
  };
  return (
    <TextInput
      size="xs"
      w={{ base: '100%', xs: width }}
      value={draft}
      placeholder={label}
      aria-label={label}
      data-page-search
      leftSection={<IconSearch size={14} />}
      rightSection={
        draft === '' ? (
          <Kbd size="xs">/</Kbd>
        ) : (
          <CloseButton size="xs" aria-label="Clear the search" onClick={clear} />
        )
      }
      onChange={(event) => {
        setDraft(event.currentTarget.value);
        reportSoon(event.currentTarget.value);
      }}
    />
  );
}
