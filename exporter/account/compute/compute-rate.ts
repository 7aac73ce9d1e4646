import type { Device } from '../../judge/device/device.ts';

/** Work per second at `activity` of the whole device: activity x clock / reference clock x dense peak, TFLOPS; null: unknown. */
export const tflopsAt = ({ clockRatio, peakTflops }: Device, activity: number | null): number | null =>
  activity === null || peakTflops === undefined ? null : activity * (clockRatio ?? 1) * peakTflops;
