import { TagsInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';

import { getAttributeKeys, getAttributeValues, type TimeSpanMs } from '../../../api/traces';
import { attributeParts } from './tracesUrl';

interface Props {
  value: string[];
  time: TimeSpanMs;
  onChange: (value: string[]) => void;
}

const shownOptions = 200;

/** Conditions on attributes: keys are completed first, then the values of the chosen key. */
export function AttributeField({ value, time, onChange }: Props) {
  const [text, setText] = useState('');
  const picked = useRef('');
  const { key, sign } = attributeParts(text);
  const [askedKey] = useDebouncedValue(sign === '' ? '' : key, 150);
  const minute = Math.floor(time.toMs / 60_000);
  const keys = useQuery({
    queryKey: ['traces', 'keys', minute, time.toMs - time.fromMs],
    queryFn: ({ signal }) => getAttributeKeys(time, signal),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
  const values = useQuery({
    queryKey: ['traces', 'values', askedKey, minute, time.toMs - time.fromMs],
    queryFn: ({ signal }) => getAttributeValues(askedKey, time, signal),
    enabled: askedKey !== '',
    staleTime: 60_000,
  });
  const options =
    sign === ''
      ? (keys.data ?? []).filter((name) => name.toLowerCase().includes(key.toLowerCase()))
      : (values.data ?? []).map((one) => `${key}${sign}${one}`);
  return (
    <TagsInput
      label="Attributes"
      placeholder={value.length === 0 ? 'http.route=/orders, size>1000, error' : ''}
      value={value}
      searchValue={text}
      data={[...new Set(options)].slice(0, shownOptions)}
      splitChars={[]}
      acceptValueOnBlur
      clearable
      maxDropdownHeight={280}
      onOptionSubmit={(option) => {
        // A key alone is the beginning of a condition; its value comes next.
        picked.current = attributeParts(option).sign === '' ? option : '';
      }}
      onChange={(next) => {
        if (picked.current === '' || next.length < value.length) {
          onChange(next);
        }
      }}
      onSearchChange={(next) => {
        if (next === '' && picked.current !== '') {
          setText(`${picked.current}=`);
          picked.current = '';
        } else {
          setText(next);
        }
      }}
    />
  );
}
