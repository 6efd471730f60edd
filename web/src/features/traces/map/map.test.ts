import { describe, expect, it } from 'vitest';

import type { KialiGraph } from '../../../api/serviceMap';
import { dotsOf } from './dots';
import { boxWidth, callPath, layout } from './layout';
import { around, serviceGraph, type MapCall, type ServiceGraph } from './serviceGraph';

const kiali: KialiGraph = {
  timestamp: 1,
  duration: 600,
  elements: {
    nodes: [
      { data: { id: '1', nodeType: 'service', service: 'web', namespace: 'shop' } },
      { data: { id: '2', nodeType: 'app', app: 'orders', healthData: { status: 'Failure' } } },
      { data: { id: '9', nodeType: 'box', isBox: 'namespace' } },
    ],
    edges: [
      {
        data: {
          id: 'e',
          source: '1',
          target: '2',
          traffic: { protocol: 'http', rates: { http: '4.00', http5xx: '1.00', httpPercentErr: '25.0' } },
          latencies: { p50: 12, p95: 120 },
        },
      },
      { data: { id: 'f', source: '1', target: '9' } },
    ],
  },
};

describe("Kiali's model", () => {
  it('says of a way to a database that it leads there', () => {
    const toDatabase = structuredClone(kiali);
    toDatabase.elements.nodes![1].data.kind = 'database';
    expect(serviceGraph(toDatabase).calls.map(({ protocol, rate }) => [protocol, rate])).toEqual([
      ['database', 4],
    ]);
  });

  it('is read with rates, errors and times', () => {
    const { services, calls } = serviceGraph(kiali);
    expect(
      services.map(({ name, health, rate, errorPercent }) => [name, health, rate, errorPercent]),
    ).toEqual([
      ['web', 'idle', 0, 0],
      ['orders', 'failing', 4, 25],
    ]);
    expect(calls).toEqual([
      {
        id: 'e',
        source: '1',
        target: '2',
        protocol: 'http',
        rate: 4,
        errorPercent: 25,
        p50: 12,
        p95: 120,
        p99: null,
        health: 'failing',
      },
    ]);
  });

  it('is narrowed to what a text finds and its neighbours', () => {
    const graph = serviceGraph(kiali);
    expect(around(graph, 'ORD').services.map(({ name }) => name)).toEqual(['web', 'orders']);
    expect(around(graph, 'nobody').services).toEqual([]);
    expect(around(graph, ' ')).toBe(graph);
  });
});

const graphOf = (...calls: [string, string][]): ServiceGraph => ({
  services: [...new Set(calls.flat())].map((id) => ({ id }) as ServiceGraph['services'][0]),
  calls: calls.map(([source, target]) => ({ id: source + target, source, target }) as MapCall),
});

describe('the layout', () => {
  it('puts callers to the left of whom they call', () => {
    const { places } = layout(graphOf(['a', 'b'], ['b', 'c'], ['a', 'c'], ['a', 'd']));
    const x = (id: string) => places.get(id)?.x ?? NaN;
    expect(x('b')).toBeGreaterThan(x('a') + boxWidth);
    expect(x('c')).toBeGreaterThan(x('b') + boxWidth);
    expect(x('d')).toBe(x('b'));
  });

  it('ends with circles, and with who calls itself', () => {
    const { places } = layout(graphOf(['a', 'b'], ['b', 'a'], ['b', 'c'], ['c', 'c']));
    expect(new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(3);
  });

  it('keeps neighbours side by side, so that calls do not cross', () => {
    const { places } = layout(graphOf(['r', 'a'], ['r', 'b'], ['a', 'z'], ['b', 'y']));
    const above = (one: string, other: string) => (places.get(one)?.y ?? 0) < (places.get(other)?.y ?? 0);
    expect(above('a', 'b')).toBe(above('z', 'y'));
  });

  it('leads a call that passes a layer between the services of it', () => {
    const { places, ways } = layout(graphOf(['a', 'b'], ['b', 'c'], ['a', 'c']));
    const [way] = ways.get('a\nc') ?? [];
    expect(way.x).toBe(places.get('b')?.x);
    expect(Math.abs(way.y - (places.get('b')?.y ?? 0))).toBeGreaterThan(54);
    expect(callPath({ x: 0, y: 0 }, { x: 580, y: 0 }, false, [way])).toMatch(/^M 170 27 C .* L \d+ .* C /);
  });

  it('is the same whatever the order of the answer', () => {
    const one = layout(graphOf(['a', 'b'], ['a', 'c']));
    const other = layout(graphOf(['a', 'c'], ['a', 'b']));
    expect([...other.places].sort()).toEqual([...one.places].sort());
  });

  it('draws ways forward, back and around', () => {
    expect(callPath({ x: 0, y: 0 }, { x: 300, y: 0 }, false)).toMatch(/^M 170 27 C/);
    expect(callPath({ x: 300, y: 0 }, { x: 0, y: 0 }, false)).toMatch(/^M 385 54 C/);
    expect(callPath({ x: 0, y: 0 }, { x: 0, y: 0 }, true)).toMatch(/^M 140 54 C/);
  });
});

describe('dots', () => {
  const call = (rate: number, errorPercent = 0, p95 = 0) => ({ rate, errorPercent, p95 }) as MapCall;

  it('run as often as requests do', () => {
    expect(dotsOf(call(0), 1)).toBeNull();
    const slow = dotsOf(call(0.2), 0.2);
    expect(slow?.dots).toHaveLength(1);
    expect(slow?.cycleSec).toBeCloseTo(5);
    expect(dotsOf(call(3), 3)?.dots).toHaveLength(5);
    expect(dotsOf(call(5000), 5000)?.dots).toHaveLength(10);
  });

  it('show the share of errors, and at least one', () => {
    expect(dotsOf(call(6, 50), 6)?.dots.filter(({ error }) => error)).toHaveLength(5);
    expect(dotsOf(call(6, 0.1), 6)?.dots.filter(({ error }) => error)).toHaveLength(1);
  });

  it('are slower where answers are', () =>
    expect(dotsOf(call(1, 0, 5000), 1)?.travelSec).toBeGreaterThan(
      dotsOf(call(1, 0, 50), 1)?.travelSec ?? 99,
    ));
});
