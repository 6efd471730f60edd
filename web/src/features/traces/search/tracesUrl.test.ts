import { expect, it } from 'vitest';

import { attributeParts, readSearch, searchParams, traceIdIn, writeSearch } from './tracesUrl';

it('keeps a search in the address and leaves the rest of it alone', () => {
  const params = new URLSearchParams(
    'from=now-3h&service=a&operation=GET+%2F&attribute=x%3D1&attribute=y&error=true&sort=longest&minDuration=5ms',
  );
  const state = readSearch(params);
  expect(state).toEqual({
    service: 'a',
    operation: 'GET /',
    attributes: ['x=1', 'y'],
    minDuration: '5ms',
    maxDuration: '',
    durationOf: 'trace',
    error: true,
    sort: 'longest',
  });
  expect(writeSearch(params, { ...state, attributes: ['z'], error: false, sort: 'newest' }).toString()).toBe(
    'from=now-3h&service=a&operation=GET+%2F&attribute=z&minDuration=5ms',
  );
});

it('asks for an operation only together with its service', () => {
  const state = readSearch(new URLSearchParams('operation=x&sort=nonsense'));
  expect(state.sort).toBe('newest');
  expect(searchParams(state).toString()).toBe('');
});

it('knows an id of a trace', () => {
  expect(traceIdIn(' 0AF7651916CD43DD8448EB211C80319C ')).toBe('0af7651916cd43dd8448eb211c80319c');
  expect(traceIdIn('b7ad6b7169203331')).toBe('b7ad6b7169203331');
  expect(traceIdIn('checkout')).toBeNull();
});

it.each([
  ['http.st', { key: 'http.st', sign: '', value: '' }],
  ['http.route=/a=b', { key: 'http.route', sign: '=', value: '/a=b' }],
  ['size>=5', { key: 'size', sign: '>=', value: '5' }],
  ['name =~ a.*', { key: 'name', sign: '=~', value: ' a.*' }],
])('reads the parts of %s', (text, parts) => expect(attributeParts(text)).toEqual(parts));
