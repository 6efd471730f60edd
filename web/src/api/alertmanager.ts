import { request } from './http';
import type { Labels } from './prometheus';

export interface Matcher {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual: boolean;
}

export interface RoutedAlert {
  fingerprint: string;
  labels: Labels;
  annotations: Labels;
  startsAt: string;
  updatedAt: string;
  endsAt: string;
  generatorURL?: string;
  receivers: { name: string }[];
  status: {
    state: 'unprocessed' | 'active' | 'suppressed';
    silencedBy: string[];
    inhibitedBy: string[];
    mutedBy?: string[];
  };
}

export interface AlertGroup {
  labels: Labels;
  receiver: { name: string };
  alerts: RoutedAlert[];
}

export interface Silence {
  id: string;
  matchers: Matcher[];
  startsAt: string;
  endsAt: string;
  updatedAt: string;
  createdBy: string;
  comment: string;
  status: { state: 'active' | 'pending' | 'expired' };
}

export interface NewSilence {
  id?: string;
  matchers: Matcher[];
  startsAt: string;
  endsAt: string;
  createdBy: string;
  comment: string;
}

export interface AlertFilter {
  filters: string[];
  silenced: boolean;
  inhibited: boolean;
}

function filterQuery(filter: AlertFilter): string {
  const query = new URLSearchParams({
    active: 'true',
    silenced: String(filter.silenced),
    inhibited: String(filter.inhibited),
  });
  for (const matcher of filter.filters) {
    query.append('filter', matcher);
  }
  return query.toString();
}

export function getAlertGroups(filter: AlertFilter, signal: AbortSignal): Promise<AlertGroup[]> {
  return request(`api/v2/alerts/groups?${filterQuery(filter)}`, { signal });
}

export function getAlerts(filter: AlertFilter, signal: AbortSignal): Promise<RoutedAlert[]> {
  return request(`api/v2/alerts?${filterQuery(filter)}`, { signal });
}

export function getSilences(signal: AbortSignal): Promise<Silence[]> {
  return request('api/v2/silences', { signal });
}

export function postSilence(silence: NewSilence): Promise<{ silenceID: string }> {
  return request('api/v2/silences', { method: 'POST', body: silence });
}

export function expireSilence(id: string): Promise<unknown> {
  return request(`api/v2/silence/${encodeURIComponent(id)}`, { method: 'DELETE' });
}
