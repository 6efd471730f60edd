import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

import { linesBetween } from './logLines';

const frameMs = 700;
const webSocketKey = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Loki's tail over a WebSocket: the made-up lines as their time comes. */
export function serveTail(server: Server): void {
  server.on('upgrade', (request, socket: Duplex) => {
    const url = new URL(request.url ?? '/', 'http://mock');
    if (url.pathname !== '/loki/api/v1/tail') {
      return;
    }
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}${webSocketKey}`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    let fromMs = Number((url.searchParams.get('start') ?? '').slice(0, -6)) || Date.now();
    let frames = 0;
    const timer = setInterval(() => {
      const toMs = Date.now();
      const lines = [...linesBetween(fromMs + 1, toMs, url.searchParams.get('query') ?? '{}', false)];
      fromMs = toMs;
      const streams = lines.map(({ stream, metadata, timeNs, line }) => ({
        stream: { ...stream, ...metadata },
        values: [[timeNs, line]],
      }));
      const dropped =
        ++frames % 20 === 0 ? [{ labels: { job: 'agents' }, timestamp: `${toMs}000000` }] : null;
      socket.write(textFrame(JSON.stringify({ streams, dropped_entries: dropped })));
    }, frameMs);
    socket.on('close', () => clearInterval(timer));
    socket.on('error', () => clearInterval(timer));
    socket.on('data', (data: Buffer) => (data[0] & 15) === 8 && socket.end());
  });
}

function textFrame(text: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.alloc(10);
  head[0] = 0x81;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(body.length), 2);
  if (body.length > 65_535) {
    return Buffer.concat([head, body]);
  }
  head[1] = body.length < 126 ? body.length : 126;
  if (head[1] === 126) {
    head.writeUInt16BE(body.length, 2);
  }
  return Buffer.concat([head.subarray(0, head[1] === 126 ? 4 : 2), body]);
}
