import { Group, MultiSelect, Select, TextInput } from '@mantine/core';

import type { Variable, VariableOption } from '../../api/dashboards';
import classes from './VariableBar.module.css';
import type { VariableValues } from './useVariables';

interface Props {
  variables: Variable[];
  values: VariableValues;
  onChange: (name: string, values: string[]) => void;
}

const allValue = '$__all';
const optionLimit = 200;

export function VariableBar({ variables, values, onChange }: Props) {
  const shown = variables.filter((variable) => variable.hide !== 2 && variable.type !== 'constant');
  if (shown.length === 0) {
    return null;
  }
  return (
    <Group gap="xs" mb="xs">
      {shown.map((variable) => (
        <VariableField
          key={variable.name}
          variable={variable}
          value={values[variable.name] ?? []}
          onChange={(chosen) => onChange(variable.name, chosen)}
        />
      ))}
    </Group>
  );
}

interface FieldProps {
  variable: Variable;
  value: string[];
  onChange: (values: string[]) => void;
}

function VariableField({ variable, value, onChange }: FieldProps) {
  const label = variable.label || variable.name;
  const shared = {
    size: 'xs' as const,
    label: variable.hide === 1 ? undefined : label,
    'aria-label': label,
    classNames: { root: classes.root, label: classes.label, input: classes.input },
  };
  if (variable.type === 'textbox') {
    return (
      <TextInput
        key={value[0]}
        {...shared}
        defaultValue={value[0] ?? ''}
        onBlur={(event) => onChange([event.currentTarget.value])}
        onKeyDown={(event) => event.key === 'Enter' && onChange([event.currentTarget.value])}
      />
    );
  }
  const data = withChosen(variable, value);
  if (variable.multi) {
    return (
      <MultiSelect
        {...shared}
        data={data}
        value={value}
        searchable
        limit={optionLimit}
        nothingFoundMessage="No such value"
        onChange={(chosen) => onChange(withoutAll(chosen, value))}
      />
    );
  }
  return (
    <Select
      {...shared}
      data={data}
      value={value[0] ?? null}
      searchable
      allowDeselect={false}
      limit={optionLimit}
      nothingFoundMessage="No such value"
      onChange={(chosen) => chosen !== null && onChange([chosen])}
    />
  );
}

/** Mantine wants unique values; a value that only the URL knows still has to be shown. */
function withChosen(variable: Variable, value: string[]): { value: string; label: string }[] {
  const options = new Map<string, string>();
  const add = (option: VariableOption) => options.has(option.value) || options.set(option.value, option.text);
  if (variable.includeAll) {
    add({ text: 'All', value: allValue });
  }
  variable.options.forEach(add);
  value.forEach((text) => add({ text, value: text }));
  return [...options].map(([optionValue, label]) => ({ value: optionValue, label }));
}

/** "All" and single values exclude each other; the one chosen last wins. */
function withoutAll(chosen: string[], before: string[]): string[] {
  if (!chosen.includes(allValue)) {
    return chosen;
  }
  return before.includes(allValue) ? chosen.filter((value) => value !== allValue) : [allValue];
}
