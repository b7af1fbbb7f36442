const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OPENS = 7;
const CLOSES = 16;

/** The same moment where people work then, or else the next working morning; hours are those of UTC. */
export function atWork(time: number): number {
  const date = new Date(time);
  const hour = date.getUTCHours();
  const isOpen = hour >= OPENS && hour < CLOSES;
  // What comes at night is seen to over the morning, not at one stroke.
  const opened = isOpen ? time : time - (time % DAY) + (OPENS + (time % 180) / 60) * HOUR + (hour >= CLOSES ? DAY : 0);
  const weekday = new Date(opened).getUTCDay();
  const free = weekday === 6 ? 2 : weekday === 0 ? 1 : 0;
  return Math.floor(opened + free * DAY);
}
