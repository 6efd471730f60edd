import { UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';

import classes from './Collapsible.module.css';

interface Props {
  title: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  defaultOpen?: boolean;
}

/** A card whose heading folds its content away. */
export function Collapsible({ title, aside, children, defaultOpen = true }: Props) {
  const [open, setOpen] = useState(defaultOpen);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <section className={`surface ${classes.card}`}>
      <div className={classes.heading}>
        <UnstyledButton className={classes.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Chevron size={16} className={classes.chevron} />
          <span className={classes.title}>{title}</span>
        </UnstyledButton>
        {aside ? <div className={classes.aside}>{aside}</div> : null}
      </div>
      {open ? <div className={classes.content}>{children}</div> : null}
    </section>
  );
}
