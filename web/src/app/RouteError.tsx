import { Anchor, Container } from '@mantine/core';
import { IconError404, IconMoodSad } from '@tabler/icons-react';
import { isRouteErrorResponse, Link, useRouteError } from 'react-router';

import { StateMessage } from '../shared/components/StateMessage';

export function RouteError() {
  const error = useRouteError();
  const missing = isRouteErrorResponse(error) && error.status === 404;
  return (
    <Container py="xl">
      {missing ? (
        <StateMessage icon={IconError404} title="There is no such page">
          The address may be from another version. <HomeLink />
        </StateMessage>
      ) : (
        <StateMessage icon={IconMoodSad} title="This page stopped working" color="red">
          {error instanceof Error ? error.message : 'An unexpected error.'} Reloading often helps.{' '}
          <HomeLink />
        </StateMessage>
      )}
    </Container>
  );
}

function HomeLink() {
  return (
    <Anchor component={Link} to="/" size="sm">
      Go to the dashboards
    </Anchor>
  );
}
