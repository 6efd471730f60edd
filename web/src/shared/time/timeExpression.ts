const unitMs: Record<string, number> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Resolves a Grafana time expression: `now`, `now-1h`, `now-1d/d`, epoch milliseconds or an ISO date.
 * `roundUp` makes `/d` mean the end of the day. Returns null for anything else.
 */
export function resolveTime(expression: string, nowMs: number, roundUp = false): number | null {
  const text = expression.trim();
  if (/^\d{10,}$/.test(text)) {
    return Number(text);
  }
  const relative = /^now((?:[+-]\d+[smhdwMQy])*)(?:\/([smhdwMQy]))?$/.exec(text);
  if (relative) {
    let date = new Date(nowMs);
    for (const [, sign, amount, unit] of relative[1].matchAll(/([+-])(\d+)([smhdwMQy])/g)) {
      date = shift(date, (sign === '-' ? -1 : 1) * Number(amount), unit);
    }
    return relative[2] ? round(date, relative[2], roundUp) : date.getTime();
  }
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) {
    return null;
  }
  const absolute = Date.parse(text.replace(' ', 'T'));
  return Number.isNaN(absolute) ? null : absolute;
}

export function isRelative(expression: string): boolean {
  return expression.trim().startsWith('now');
}

function shift(date: Date, amount: number, unit: string): Date {
  if (unit in unitMs) {
    return new Date(date.getTime() + amount * unitMs[unit]);
  }
  const moved = new Date(date);
  const months = unit === 'y' ? 12 : unit === 'Q' ? 3 : 1;
  moved.setMonth(moved.getMonth() + amount * months);
  return moved;
}

function round(date: Date, unit: string, up: boolean): number {
  const start = new Date(date);
  start.setMilliseconds(0);
  start.setSeconds(0);
  if (unit === 's') {
    start.setSeconds(date.getSeconds());
  } else if (unit !== 'm') {
    start.setMinutes(0);
  }
  if (!'smh'.includes(unit)) {
    start.setHours(0);
  }
  if (unit === 'w') {
    start.setDate(start.getDate() - ((start.getDay() + 6) % 7));
  } else if (unit === 'M') {
    start.setDate(1);
  } else if (unit === 'Q') {
    start.setMonth(start.getMonth() - (start.getMonth() % 3), 1);
  } else if (unit === 'y') {
    start.setMonth(0, 1);
  }
  return up ? shift(start, 1, unit).getTime() - 1 : start.getTime();
}
