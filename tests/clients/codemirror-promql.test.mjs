// The editor of Prometheus' and of other web interfaces: what it asks a server, what it offers, and what it calls wrong.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { eventually, load, startPharos, withPharos } from './pharos.mjs';

const at = (path) => load(`@prometheus-io/codemirror-promql/dist/cjs/${path}`);

// What the linter and the parser of the server must agree on.
const good = [
  'up',
  '1 + 2 * 3 ^ -1',
  'sum by (job) (rate(up{job=~"s.*", instance!=""}[5m] offset 1w))',
  'topk(3, up) or bottomk without (job) (2, up)',
  'histogram_quantile(0.9, sum(rate(x_bucket[1m])) by (le))',
  'up * on (job) group_left (instance) up',
  'max_over_time(rate(up[5m])[1h:30s] @ end())',
  '{"name.with.dots", "label.too"="x"}',
  'up > bool 1',
  'label_replace(up, "a", "$1", "job", "(.*)")',
  'count_values("v", up)',
  'time() - 1_000e3',
  'up and ignoring (job) up unless up',
  'quantile(0.5, up)',
  '-up',
  "'text'",
  'absent(up{job="x"})',
  'round(up, 0.1)',
  'vector(scalar(up))',
];
const bad = [
  'sum(',
  'rate(up)',
  'rate(up[5m], 1)',
  'no_such_function(up)',
  'up[5m] + 1',
  'sum(up[5m])',
  'up and 1',
  '1 == 1',
  '"a" + "b"',
  'topk(up)',
  'vector(up)',
  '{}',
  'up on (job) up',
  'up + bool up',
  'up and on (job) group_left () up',
  '!up',
];

withPharos('the editor for PromQL', () => {
  let pharos, complete, client, EditorState, CompletionContext;
  const failures = [];

  before(async () => {
    pharos = await startPharos((address) => ({
      'prometheus.yml': `
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
- {job_name: self, static_configs: [{targets: ['${address}'], labels: {place: 'größe "x"'}}]}
`,
    }));
    ({ EditorState } = load('@codemirror/state'));
    ({ CompletionContext } = load('@codemirror/autocomplete'));
    complete = load('@prometheus-io/codemirror-promql').newCompleteStrategy({
      remote: { url: pharos.url, httpErrorHandler: (error) => failures.push(error) },
    });
    client = (config = {}) =>
      new (at('client/prometheus.js').HTTPPrometheusClient)({
        url: pharos.url,
        httpErrorHandler: (error) => failures.push(error),
        ...config,
      });
    await eventually('the server has scraped itself', async () => {
      return (await pharos.vector('process_open_fds')).length === 1;
    });
  });
  after(async () => {
    complete?.destroy();
    await pharos?.stop();
  });

  for (const [name, config] of [
    ['by POST', {}],
    ['by GET', { httpMethod: 'GET' }],
    ['over the last hours', { lookbackInterval: 12 * 3_600_000 }],
  ]) {
    it(`finds names, values, series, metadata and flags ${name}`, async () => {
      const asking = client(config);
      const names = await asking.metricNames();
      assert.ok(names.includes('process_open_fds') && names.includes('up'), names.join());
      assert.deepEqual(await asking.labelNames('up'), ['__name__', 'instance', 'job', 'place']);
      assert.ok((await asking.labelNames()).includes('place'));
      assert.deepEqual(await asking.labelValues('job'), ['self']);
      const { EqlSingle } = load('@prometheus-io/lezer-promql');
      const matcher = new (at('types/matcher.js').Matcher)(EqlSingle, 'job', 'self');
      assert.deepEqual(await asking.labelValues('place', 'up', [matcher]), ['größe "x"']);
      const [series] = await asking.series('up', [matcher]);
      assert.deepEqual(Object.keys(series).sort(), ['__name__', 'instance', 'job', 'place']);
      const metadata = await asking.metricMetadata();
      assert.equal(metadata.process_open_fds[0].type, 'gauge');
      assert.match(metadata.process_open_fds[0].help, /file descriptors/);
      const flags = await asking.flags();
      assert.equal(flags['query.lookback-delta'], '5m');
      assert.deepEqual(failures, []);
    });
  }

  /** A document that has been parsed whole: the editor gives its parser 20 ms at first, which a busy machine may use up. */
  function edited(doc) {
    const { extension } = load('@prometheus-io/codemirror-promql').promQLLanguage('PromQL');
    for (let attempt = 0; attempt < 100; attempt++) {
      const state = EditorState.create({ doc, extensions: extension });
      if (load('@codemirror/language').syntaxTreeAvailable(state)) {
        return state;
      }
    }
    throw new Error(`not parsed in time: ${doc}`);
  }

  /** What is offered where the bar stands. */
  async function offered(text) {
    const position = text.indexOf('|');
    const state = edited(text.replace('|', ''));
    const result = await complete.promQL(new CompletionContext(state, position, true));
    return new Map((result?.options ?? []).map((option) => [option.label, option]));
  }

  it('offers metrics with their type and help', async () => {
    const metric = (await offered('process_op|')).get('process_open_fds');
    assert.equal(metric.type, 'constant');
    assert.equal(metric.detail, 'gauge');
    assert.match(metric.info, /file descriptors/);
  });

  it('offers the labels of a metric and their values', async () => {
    assert.deepEqual(
      [...(await offered('up{|}')).keys()].filter((name) => name !== '__name__').sort(),
      ['instance', 'job', 'place'],
    );
    assert.deepEqual([...(await offered('up{job="|"}')).keys()], ['self']);
    assert.deepEqual([...(await offered('up{job="self", place="|"}')).keys()], ['größe "x"']);
    assert.ok((await offered('sum by (|) (up)')).has('place'));
    assert.ok((await offered('up * on (|) up')).has('instance'));
    assert.deepEqual(failures, []);
  });

  /** Whether the server's parser takes an expression, and what it says where it does not. */
  async function parse(query) {
    const response = await fetch(`${pharos.url}/api/v1/parse_query`, {
      method: 'POST',
      body: new URLSearchParams({ query }),
    });
    const { status, error } = await response.json();
    return { parses: status === 'success', error };
  }

  it('offers no function and no aggregation that the server does not know', async () => {
    const terms = at('complete/promql.terms.js');
    assert.ok(terms.functionIdentifierTerms.length > 80 && terms.aggregateOpTerms.length >= 12);
    for (const { label } of [...terms.functionIdentifierTerms, ...terms.aggregateOpTerms]) {
      const { error } = await parse(`${label}()`);
      assert.doesNotMatch(error ?? '', /unknown function|experimental/, label);
    }
  });

  it('calls wrong what the server calls wrong', async () => {
    const check = at('lint/index.js').newLintStrategy().promQL();
    for (const [expressions, right] of [
      [good, true],
      [bad, false],
    ]) {
      for (const doc of expressions) {
        const found = check({ state: edited(doc) });
        const { parses, error } = await parse(doc);
        assert.equal(
          found.length === 0,
          right,
          `the editor about ${doc}: ${JSON.stringify(found)}`,
        );
        assert.equal(parses, right, `the server about ${doc}: ${error}`);
      }
    }
  });
});
