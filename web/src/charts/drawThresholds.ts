import type uPlot from 'uplot';

import type { ChartConfig } from './chartTypes';

/** Threshold lines and areas behind the data, as `thresholdsStyle` asks for. */
export function drawThresholds(chart: uPlot, config: ChartConfig): void {
  const style = config.thresholdsStyle ?? 'off';
  const steps = config.thresholds?.steps ?? [];
  if (style === 'off' || steps.length === 0) {
    return;
  }
  const { ctx, bbox } = chart;
  const scale = chart.scales.y;
  if (typeof scale?.min !== 'number' || typeof scale.max !== 'number') {
    return;
  }
  const { min, max } = scale;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  steps.forEach((step, i) => {
    const from = step.value ?? min;
    const bottom = chart.valToPos(Math.max(from, min), 'y', true);
    if (style.includes('area')) {
      const top = chart.valToPos(Math.min(steps[i + 1]?.value ?? max, max), 'y', true);
      ctx.globalAlpha = 0.1;
      ctx.fillStyle = step.color;
      ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
    }
    if ((style.includes('line') || style.includes('dashed')) && step.value !== null) {
      ctx.globalAlpha = 0.75;
      ctx.strokeStyle = step.color;
      ctx.lineWidth = devicePixelRatio;
      ctx.setLineDash(style.includes('dashed') ? [6, 4] : []);
      ctx.beginPath();
      ctx.moveTo(bbox.left, bottom);
      ctx.lineTo(bbox.left + bbox.width, bottom);
      ctx.stroke();
    }
  });
  ctx.restore();
}
