import { Navigate, useLocation } from 'react-router';

/** Prometheus' own links (alert sources, old bookmarks) point to /graph. */
export function FromGraph() {
  const { search } = useLocation();
  return <Navigate to={`/query${search}`} replace />;
}
