import type { FieldConfig, StatTile, ThresholdStep } from '../../../api/dashboards';

export interface GaugeScale {
  min: number;
  max: number;
  steps: ThresholdStep[];
}

/** The scale of a gauge: the configured limits, or limits that hold every value. */
export function gaugeScale(tiles: StatTile[], config: FieldConfig): GaugeScale {
  const values = tiles.flatMap((tile) => (tile.value === null ? [] : [tile.value]));
  const fullScale =
    config.unit === 'percentunit' ? 1 : config.unit === 'percent' ? 100 : Math.max(...values, 1);
  const min = config.min ?? Math.min(0, ...values);
  const max = Math.max(config.max ?? fullScale, min + Number.EPSILON);
  const relative = config.thresholds?.mode === 'percentage';
  const steps = (config.thresholds?.steps ?? []).map((step) => ({
    color: step.color,
    value: step.value !== null && relative ? min + (step.value / 100) * (max - min) : step.value,
  }));
  return { min, max, steps };
}

/** Where a value stands on the scale, from 0 to 1. */
export function fraction(value: number | null, scale: GaugeScale): number {
  return value === null ? 0 : Math.min(1, Math.max(0, (value - scale.min) / (scale.max - scale.min)));
}
