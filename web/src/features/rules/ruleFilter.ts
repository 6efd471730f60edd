import type { Rule, RuleGroup } from '../../api/prometheus';

export type RuleState = 'all' | 'firing' | 'pending' | 'inactive' | 'recording' | 'failing';

/** One word for a rule: what is wrong with it comes first, then what it does. */
export function ruleState(rule: Rule): Exclude<RuleState, 'all'> {
  if (rule.health === 'err') {
    return 'failing';
  }
  if (rule.type === 'recording') {
    return 'recording';
  }
  return rule.state === 'firing' || rule.state === 'pending' ? rule.state : 'inactive';
}

/** The groups with only those rules that have the state and hold every word in name, expression or labels. */
export function filterGroups(groups: RuleGroup[], state: RuleState, search: string): RuleGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return groups
    .map((group) => ({
      ...group,
      rules: group.rules.filter((rule) => {
        const labels = Object.entries(rule.labels ?? {}).map(([name, value]) => `${name}=${value}`);
        const text = [group.name, rule.name, rule.query, ...labels].join(' ').toLowerCase();
        return (state === 'all' || ruleState(rule) === state) && words.every((word) => text.includes(word));
      }),
    }))
    .filter((group) => group.rules.length > 0);
}

export function countStates(groups: RuleGroup[]): Record<RuleState, number> {
  const counts = { all: 0, firing: 0, pending: 0, inactive: 0, recording: 0, failing: 0 };
  for (const rule of groups.flatMap((group) => group.rules)) {
    counts.all++;
    counts[ruleState(rule)]++;
  }
  return counts;
}
