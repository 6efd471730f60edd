import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import classes from './Notice.module.css';

/** A remark above content: a warning of the server, or something good to know. */
export function Notice({ tone = 'amber', children }: { tone?: 'amber' | 'blue'; children: ReactNode }) {
  const NoticeIcon = tone === 'amber' ? IconAlertTriangle : IconInfoCircle;
  return (
    <div className={classes.notice} data-tone={tone} role="note">
      <NoticeIcon size={16} aria-hidden />
      <div>{children}</div>
    </div>
  );
}
