import { request } from './http';

export interface ServerInfo {
  version?: string;
  demo: boolean;
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
