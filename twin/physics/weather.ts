import { random } from './random.ts';

const dayOfYear = (hour: number) => (hour / 24) % 365.25;
const hourOfDay = (hour: number) => hour % 24;

/**
 * Outdoor temperature in degrees Celsius of each hour since the epoch, the same for all sites: a yearly wave about
 * northern Jiangxi's mean of 18, coldest in mid-January, and a daily one, warmest at 15:00.
 */
function outdoor(hour: number): number {
  const year = -12 * Math.cos((2 * Math.PI * (dayOfYear(hour) - 15)) / 365.25);
  const day = 4 * Math.cos((2 * Math.PI * (hourOfDay(hour) - 15)) / 24);
  return 18 + year + day;
}

/** Cooling power per watt of IT heat: free cooling up to 10 degrees, then the chiller works harder with each one. */
export const coolingShare = (hour: number) => 0.1 + 0.007 * Math.max(0, outdoor(hour) - 10);
/** From free cooling to 34 degrees, the highest of the two waves together. */
export const coolingRange = { low: 0.1, high: 0.1 + 0.007 * 24 };

/** Output of photovoltaics as a share of their peak, per hour: sun from 6:00 to 18:00, dimmed by each day's clouds. */
export function sunShare(seed: number, site: string): (hour: number) => number {
  return (hour) => {
    const height = Math.sin((Math.PI * (hourOfDay(hour) + 0.5 - 6)) / 12);
    if (height <= 0) return 0;
    return height * (0.3 + 0.7 * random(seed, 'sky', site, Math.floor(hour / 24))());
  };
}
