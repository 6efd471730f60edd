import { ActionIcon, Tooltip, type ActionIconProps } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import { forwardRef, type ComponentPropsWithoutRef } from 'react';

type Props = ActionIconProps &
  Omit<ComponentPropsWithoutRef<'button'>, keyof ActionIconProps> & { label: string; icon: Icon };

/** An icon with a name: the tooltip and the accessible name are the same words. */
export const IconButton = forwardRef<HTMLButtonElement, Props>(function IconButton(
  { label, icon: IconShape, ...rest },
  ref,
) {
  return (
    <Tooltip label={label}>
      <ActionIcon ref={ref} variant="subtle" color="gray" size={28} aria-label={label} {...rest}>
        <IconShape size={17} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
});
