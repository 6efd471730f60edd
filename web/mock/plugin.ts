import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import type { Plugin } from 'vite';

import { answerAlerting } from './alerting';
import { answerDashboards } from './dashboards';
import { answerDemo } from './demo';
import { answerLogs } from './logs';
import { serveTail } from './logTail';
import { answerMetrics } from './metrics';
import { answerTraces } from './traces';

export interface MockRequest {
  method: string;
  path: string;
  params: URLSearchParams;
  /** Parsed JSON of the body, if it is JSON. */
  body: unknown;
}

/** An answer, or undefined when the path belongs to another part of the mock. */
export type Answer = { status?: number; json: unknown } | undefined;

const parts: ((request: MockRequest) => Answer)[] = [
  answerDashboards,
  answerDemo,
  answerAlerting,
  answerLogs,
  answerTraces,
  answerMetrics,
];

/** Answers the API from made-up data, so that the UI can be worked on without a server (`npm run dev:mock`). */
export function mockServer(): Plugin {
  return {
    name: 'pharos-mock',
    configureServer(server) {
      if (server.httpServer) {
        serveTail(server.httpServer as Server);
      }
      server.middlewares.use((request, response, next) => {
        if (request.url?.startsWith('/api/') || request.url?.startsWith('/loki/')) {
          void answer(request, response);
        } else {
          next();
        }
      });
    },
  };
}

async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://mock');
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString();
  const form = incoming.headers['content-type']?.includes('urlencoded');
  const request: MockRequest = {
    method: incoming.method ?? 'GET',
    path: decodeURIComponent(url.pathname),
    params: form ? new URLSearchParams(text) : url.searchParams,
    body: text !== '' && !form ? JSON.parse(text) : undefined,
  };
  const found = parts.map((part) => part(request)).find((result) => result !== undefined);
  await new Promise((resolve) => setTimeout(resolve, 80));
  response.statusCode = found?.status ?? (found ? 200 : 404);
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(found?.json ?? { error: `the mock does not know ${request.path}` }));
}
