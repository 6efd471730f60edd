import { Chip, Group } from '@mantine/core';

interface Props<T extends string> {
  label: string;
  options: { value: T; label: string; count?: number }[];
  value: T;
  onChange: (value: T) => void;
}

/** One choice of a few, with the number of things behind each. */
export function FilterChips<T extends string>({ label, options, value, onChange }: Props<T>) {
  return (
    <Chip.Group value={value} onChange={(chosen) => onChange(chosen as T)}>
      <Group gap={4} role="radiogroup" aria-label={label}>
        {options.map((option) => (
          <Chip key={option.value} value={option.value} size="xs" radius="sm" variant="light">
            {option.label}
            {option.count === undefined ? '' : ` ${option.count}`}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}
