import { describe, expect, it } from 'vitest';

import type { Rule, RuleGroup } from '../../api/prometheus';
import { countStates, filterGroups } from './ruleFilter';

function rule(name: string, more: Partial<Rule> = {}): Rule {
  return {
    type: 'alerting',
    name,
    query: 'up == 0',
    state: 'inactive',
    health: 'ok',
    evaluationTime: 0,
    lastEvaluation: '',
    ...more,
  };
}

const group: RuleGroup = {
  name: 'core',
  file: 'rules.yml',
  interval: 15,
  evaluationTime: 0,
  lastEvaluation: '',
  rules: [
    rule('Down', { state: 'firing', labels: { severity: 'critical' } }),
    rule('Slow', { state: 'pending' }),
    rule('job:errors', { type: 'recording', state: undefined, query: 'sum(errors)' }),
    rule('Broken', { health: 'err' }),
  ],
};

describe('filterGroups', () => {
  it('keeps rules of the state', () => {
    expect(filterGroups([group], 'firing', '')[0].rules.map((r) => r.name)).toEqual(['Down']);
    expect(filterGroups([group], 'failing', '')[0].rules.map((r) => r.name)).toEqual(['Broken']);
  });

  it('searches names, expressions and labels, every word', () => {
    expect(filterGroups([group], 'all', 'severity=critical down')[0].rules.map((r) => r.name)).toEqual([
      'Down',
    ]);
    expect(filterGroups([group], 'all', 'sum(')[0].rules.map((r) => r.name)).toEqual(['job:errors']);
  });

  it('drops groups without a rule left', () => {
    expect(filterGroups([group], 'all', 'nothing like it')).toEqual([]);
  });
});

describe('countStates', () => {
  it('counts each rule once', () => {
    expect(countStates([group])).toEqual({
      all: 4,
      firing: 1,
      pending: 1,
      inactive: 0,
      recording: 1,
      failing: 1,
    });
  });
});
