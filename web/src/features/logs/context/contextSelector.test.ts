import { describe, expect, it } from 'vitest';

import { contextSelector, unrotatedName } from './contextSelector';

describe('unrotatedName', () => {
  it('undoes the usual ways of rotation', () => {
    for (const name of [
      'app.log.1',
      'app.log.2.gz',
      'app.log-20260318',
      'app.log.2026-03-18',
      'app.log.old',
      'app.log',
    ]) {
      expect(unrotatedName(`/var/log/${name}`), name).toBe('/var/log/app.log');
    }
    expect(unrotatedName('/var/log/v2/app')).toBe('/var/log/v2/app');
  });
});

describe('contextSelector', () => {
  it('asks for the stream with all its files', () => {
    expect(contextSelector({ job: 'a', filename: '/var/log/app.log.1' })).toBe(
      '{job="a", filename=~`/var/log/app\\.log([.-].*)?`}',
    );
    expect(contextSelector({ job: 'a"b' })).toBe('{job=`a"b`}');
  });
});
