// The requests of Grafana's data source for Loki and of its Drilldown, in the order in which they send them, and what their readers
// insist on in the answers. Times are nanoseconds; labels come by category.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { load, startPharos, withPharos } from './pharos.mjs';

const allTexts = (list) => Array.isArray(list) && list.every((item) => typeof item === 'string');

withPharos('a data source of Grafana for Loki', () => {
  let pharos, start, end;

  before(async () => {
    pharos = await startPharos(() => ({ 'prometheus.yml': '' }));
    const now = BigInt(Date.now()) * 1_000_000n;
    const values = Array.from({ length: 20 }, (_, i) => [
      String(now - BigInt(i) * 1_000_000_000n),
      JSON.stringify({ level: i % 5 === 0 ? 'error' : 'info', msg: `GET /items/${i}`, took: `${i}ms`, status: 200 }),
      { trace_id: `t${i}` },
    ]);
    const pushed = await fetch(`${pharos.url}/loki/api/v1/push`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ streams: [{ stream: { app: 'shop', pod: 'shop-1' }, values }] }),
    });
    assert.equal(pushed.status, 204);
    end = String(now + 1_000_000_000n);
    start = String(now - 3_600_000_000_000n);
  });
  after(() => pharos?.stop());

  async function ask(path, parameters, headers = {}) {
    const response = await fetch(`${pharos.url}/loki/api/v1/${path}?${new URLSearchParams(parameters)}`, { headers });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.match(response.headers.get('content-type'), /^application\/json/);
    return JSON.parse(text);
  }

  it('is found healthy', async () => {
    const { data } = await ask('query', { query: 'vector(1)+vector(1)', time: '4000000000', direction: 'backward', limit: '1000' });
    assert.equal(data.resultType, 'vector');
    assert.deepEqual(data.result, [{ metric: {}, value: [4000000000, '2'] }]);
  });

  it('lists labels, their values and streams', async () => {
    assert.deepEqual((await ask('labels', { start, end })).data, ['app', 'pod', 'service_name']);
    assert.deepEqual((await ask('label/app/values', { start, end, query: '{pod="shop-1"}' })).data, ['shop']);
    const { data } = await ask('series', { 'match[]': '{app="shop"}', start, end });
    assert.deepEqual(data, [{ app: 'shop', pod: 'shop-1', service_name: 'shop' }]);
  });

  it('shows how much a query would read', async () => {
    const stats = await ask('index/stats', { query: '{app="shop"}', start, end });
    assert.equal(stats.streams, 1);
    assert.equal(stats.entries, 20);
    assert.ok(stats.bytes > 1000 && stats.chunks >= 1);
  });

  it('draws lines with their labels by category', async () => {
    const answer = await ask(
      'query_range',
      { query: '{app="shop"} | json', start, end, limit: '1000', direction: 'backward', step: '14000ms' },
      { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' },
    );
    assert.deepEqual(answer.data.encodingFlags, ['categorize-labels']);
    const lines = answer.data.result.flatMap((stream) => {
      assert.ok(allTexts(Object.values(stream.stream)));
      return stream.values;
    });
    assert.equal(lines.length, 20);
    for (const [time, line, labels] of lines) {
      assert.match(time, /^\d{19}$/);
      assert.equal(typeof line, 'string');
      assert.ok(labels.structuredMetadata.trace_id.startsWith('t'));
      assert.equal(labels.parsed.status, '200');
    }
    assert.equal(typeof answer.data.stats.summary.totalBytesProcessed, 'number');
    assert.equal(typeof answer.data.stats.ingester.store.chunk.decompressedBytes, 'number');
  });

  it('draws the volume by level above them', async () => {
    const { data } = await ask('query_range', {
      query: 'sum by (level, detected_level) (count_over_time({app="shop"} | drop __error__[1m]))',
      start,
      end,
      step: '60000ms',
    });
    assert.equal(data.resultType, 'matrix');
    const total = {};
    for (const { metric, values } of data.result) {
      total[metric.detected_level] = values.reduce((sum, [time, value]) => {
        assert.equal(typeof time, 'number');
        assert.equal(typeof value, 'string');
        return sum + Number(value);
      }, 0);
    }
    // The newest second may lie behind the last whole step.
    assert.ok(total.info >= 12 && total.info <= 16 && total.error >= 2 && total.error <= 4, JSON.stringify(total));
  });

  it('walks through Drilldown', async () => {
    const headers = { 'X-Query-Tags': 'Source=grafana-lokiexplore-app' };
    const volume = await ask('index/volume', { query: '{service_name=~".+"}', start, end, limit: '5000' }, headers);
    assert.equal(volume.data.resultType, 'vector');
    assert.equal(volume.data.result[0].metric.service_name, 'shop');
    const range = await ask('index/volume_range', { query: '{app="shop"}', start, end, step: '60', targetLabels: 'app' }, headers);
    assert.equal(range.data.resultType, 'matrix');
    const labels = await ask('detected_labels', { start, end, query: '' }, headers);
    assert.ok(labels.detectedLabels.some(({ label, cardinality }) => label === 'app' && cardinality === 1));
    const { fields } = await ask('detected_fields', { query: '{app="shop"}', start, end, line_limit: '1000' }, headers);
    const status = fields.find(({ label }) => label === 'status');
    assert.deepEqual([status.type, status.cardinality, status.parsers], ['int', 1, ['json']]);
    assert.equal(fields.find(({ label }) => label === 'trace_id').parsers, null);
    const values = await ask('detected_field/took/values', { query: '{app="shop"}', start, end }, headers);
    assert.ok(allTexts(values.values) && values.values.length === 20);
    const patterns = await ask('patterns', { query: '{app="shop"}', start, end, step: '60' }, headers);
    for (const { pattern, level, samples } of patterns.data) {
      assert.equal(typeof pattern, 'string');
      assert.equal(typeof level, 'string');
      assert.ok(samples.every(([time, count]) => Number.isInteger(time) && Number.isInteger(count)));
    }
    assert.equal(patterns.data.flatMap(({ samples }) => samples).reduce((sum, [, count]) => sum + count, 0), 20);
    const limits = await ask('drilldown-limits', {}, headers);
    assert.equal(limits.limits.max_query_series, 500);
  });

  it('lists rules and alerts', async () => {
    const response = await fetch(`${pharos.url}/prometheus/api/v1/rules`);
    assert.deepEqual((await response.json()).data, { groups: [] });
    assert.equal((await fetch(`${pharos.url}/loki/api/v1/rules`)).status, 404);
  });

  it('formats a query and shows what is wrong with one', async () => {
    assert.equal((await ask('format_query', { query: '{app="shop"}|="x"' })).data, '{app="shop"} |= "x"');
    const refused = await fetch(`${pharos.url}/loki/api/v1/query_range?query=%7Bapp%3D`);
    assert.equal(refused.status, 400);
    assert.match(await refused.text(), /^parse error at line 1, col 6: /);
  });

  it('tails', async () => {
    const url = `${pharos.url.replace('http', 'ws')}/loki/api/v1/tail?${new URLSearchParams({ query: '{app="shop"} |= "items/3\\""', start })}`;
    const socket = new (load('ws'))(url);
    const frame = await new Promise((resolve, reject) => {
      socket.onmessage = ({ data }) => resolve(JSON.parse(data));
      socket.onerror = () => reject(new Error('the socket failed'));
    });
    assert.equal(frame.streams.length, 1);
    assert.match(frame.streams[0].values[0][1], /items\/3/);
    socket.close();
  });
});
