import type { Matcher } from './alertmanager';
import { request } from './http';

export interface ServerInfo {
  version?: string;
  demo: boolean;
  /** Whether this server keeps traces, and so has a page for one. */
  traces?: boolean;
  warnings?: string[];
}

export interface Fault {
  name: string;
  title: string;
  description: string;
  active: boolean;
  target: string | null;
}

export type MessageKind = 'slack' | 'email' | 'pagerduty' | 'webhook';

export interface SinkMessage {
  id: number;
  receivedAt: string;
  kind: MessageKind;
  title: string;
  summary: string;
  status: 'firing' | 'resolved' | '';
  receiver: string;
  payload: unknown;
}

export interface NotificationRecord {
  at: string;
  receiver: string;
  integration: string;
  groupKey: string;
  reason: string;
  outcome: string;
  attempts: number;
  error?: string;
  firing: number;
  resolved: number;
  tries: NotificationAttempt[];
}

export interface NotificationAttempt {
  at: string;
  durationSeconds: number;
  outcome: string;
  status?: number;
  answer: string;
  error?: string;
}

export interface AlertTransition {
  at: string;
  fingerprint: string;
  state: 'firing' | 'resolved' | 'suppressed' | 'unsuppressed';
  reason: string;
  cause?: 'silence' | 'inhibition' | 'mute';
  receiver?: string;
}

export interface TimeInterval {
  times: { start_time: string; end_time: string }[];
  weekdays: string[];
  days_of_month: string[];
  months: string[];
  years: string[];
  location: string;
}

export interface RecurringSilence {
  id: string;
  matchers: Matcher[];
  receiver: string;
  timeIntervals: TimeInterval[];
  createdBy: string;
  comment: string;
  next?: { silenceID: string; startsAt: string; endsAt: string };
}

export function getInfo(signal: AbortSignal): Promise<ServerInfo> {
  return request('api/pharos/info', { signal });
}

export async function getFaults(signal: AbortSignal): Promise<Fault[]> {
  return (await request<{ faults: Fault[] }>('api/pharos/demo/faults', { signal })).faults;
}

export function setFault(name: string, active: boolean): Promise<unknown> {
  return request(`api/pharos/demo/faults/${encodeURIComponent(name)}`, { method: 'PUT', body: { active } });
}

export async function getSinkMessages(signal: AbortSignal): Promise<SinkMessage[]> {
  return (await request<{ messages: SinkMessage[] }>('api/pharos/demo/notifications', { signal })).messages;
}

export function clearSinkMessages(): Promise<unknown> {
  return request('api/pharos/demo/notifications', { method: 'DELETE' });
}

export async function getNotificationHistory(signal: AbortSignal): Promise<NotificationRecord[]> {
  return (await request<{ notifications: NotificationRecord[] }>('api/pharos/notifications', { signal }))
    .notifications;
}

/** What became of the alerts that match, the newest first. */
export async function getTransitions(
  filters: string[],
  limit: number,
  signal: AbortSignal,
): Promise<AlertTransition[]> {
  const path = `api/pharos/alerts/history?${historyQuery(filters, limit)}`;
  return (await request<{ transitions: AlertTransition[] }>(path, { signal })).transitions;
}

/** What was sent of the alerts that match, the newest first. */
export async function getNotificationsOf(
  filters: string[],
  limit: number,
  signal: AbortSignal,
): Promise<NotificationRecord[]> {
  const path = `api/pharos/notifications?${historyQuery(filters, limit)}`;
  return (await request<{ notifications: NotificationRecord[] }>(path, { signal })).notifications;
}

export async function getRecurringSilences(signal: AbortSignal): Promise<RecurringSilence[]> {
  return (
    await request<{ recurringSilences: RecurringSilence[] }>('api/pharos/silences/recurring', { signal })
  ).recurringSilences;
}

export function removeRecurringSilence(id: string): Promise<unknown> {
  return request(`api/pharos/silences/recurring/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

function historyQuery(filters: string[], limit: number): string {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const filter of filters) {
    query.append('filter', filter);
  }
  return query.toString();
}
