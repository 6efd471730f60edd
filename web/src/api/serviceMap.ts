import { request } from './http';
import type { TimeSpanMs } from './traces';

/** Kiali's model of a graph, as far as the page reads it. */
export interface KialiGraph {
  timestamp: number;
  duration: number;
  elements: { nodes: { data: KialiNode }[] | null; edges: { data: KialiEdge }[] | null };
}

export interface KialiNode {
  id: string;
  nodeType: string;
  /** database, user or virtual: what sends no spans of its own. */
  kind?: string;
  namespace?: string;
  workload?: string;
  app?: string;
  version?: string;
  service?: string;
  isRoot?: boolean;
  isBox?: string;
  traffic?: { protocol: string; rates: Record<string, string> }[] | null;
  health?: { status?: string } | string | null;
  healthData?: { status?: string } | null;
  color?: string;
}

export interface KialiEdge {
  id: string;
  source: string;
  target: string;
  traffic?: { protocol?: string; rates?: Record<string, string>; responses?: unknown };
  responseTime?: string | number;
  /** Milliseconds by what they are: avg, p50, p95, p99. */
  latencies?: Record<string, string | number>;
  health?: { status?: string } | string | null;
  color?: string;
}

export function getServiceMap({ fromMs, toMs }: TimeSpanMs, signal?: AbortSignal): Promise<KialiGraph> {
  const params = new URLSearchParams({
    start: (fromMs / 1000).toFixed(3),
    end: (toMs / 1000).toFixed(3),
  });
  return request(`api/pharos/service-map?${params}`, { signal });
}
