import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';

interface Props {
  value: string;
  onChange: (value: string) => void;
  label: string;
  width?: number;
}

/** The page's search field; the shell's `/` key focuses the first element marked data-page-search. */
export function SearchInput({ value, onChange, label, width = 260 }: Props) {
  return (
    <TextInput
      size="xs"
      w={{ base: '100%', xs: width }}
      value={value}
      placeholder={label}
      aria-label={label}
      data-page-search
      leftSection={<IconSearch size={14} />}
      rightSection={
        value === '' ? (
          <Kbd size="xs">/</Kbd>
        ) : (
          <CloseButton size="xs" aria-label="Clear the search" onClick={() => onChange('')} />
        )
      }
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
