import { request } from './http';
import type { Labels } from './prometheus';
import type { TimeNs } from './loki';

export interface ContextLine {
  timeNs: TimeNs;
  line: string;
  labels: Labels;
  structuredMetadata?: Labels;
}

export interface LogContext {
  /** Older than the moment, the oldest first. */
  before: ContextLine[];
  /** At the moment or newer, the oldest first: the line itself is among the first of them. */
  after: ContextLine[];
  moreBefore: boolean;
  moreAfter: boolean;
}

export interface RejectedLine {
  at: string;
  tenant: string;
  /** The stream in LogQL's notation, or what was sent in its place. */
  stream: string;
  line: string;
  message: string;
}

export interface RejectionReason {
  reason: string;
  /** What the sender was told last. */
  message: string;
  lines: number;
  bytes: number;
  lastAt?: string;
  /** The newest rejected lines, the newest first. */
  last: RejectedLine[];
}

export interface Rejections {
  /** The counts begin when the server started. */
  since: string;
  reasons: RejectionReason[];
}

/** The neighbours of a line among the streams of a selector, whatever they say. */
export function getLogContext(
  selector: string,
  timeNs: TimeNs,
  before: number,
  after: number,
  signal?: AbortSignal,
): Promise<LogContext> {
  const params = new URLSearchParams({
    query: selector,
    time: timeNs,
    before: String(before),
    after: String(after),
  });
  return request(`api/pharos/logs/context?${params}`, { signal });
}

export function getRejections(signal?: AbortSignal): Promise<Rejections> {
  return request('api/pharos/logs/rejected', { signal });
}

export interface ShippedFile {
  path: string;
  /** That it is shipped to. */
  client: string;
  labels: Labels;
  /** Of unpacked content; what stands before it is shipped or dropped. */
  offsetBytes: number;
  /** 0 while there is no file of that name. */
  sizeBytes: number;
  /** Why it cannot be read; empty where it can. */
  fault: string;
}

export interface ShippedJob {
  job: string;
  patterns: { pattern: string; labels: Labels }[];
  files: ShippedFile[];
  dropped: { discoveredLabels: Labels; reason: string }[];
  sources: { kind: string; fault: string }[];
}

/** What promtail.yml's jobs have found, and how far each file is shipped. */
export async function getShippedJobs(signal?: AbortSignal): Promise<ShippedJob[]> {
  return (await request<{ jobs: ShippedJob[] }>('api/pharos/logs/targets', { signal })).jobs;
}
