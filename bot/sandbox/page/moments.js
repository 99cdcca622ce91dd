// How is simulated time shown? In UTC, as in the transcript, whatever zone the viewer's browser is in.

const shown = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const TIME = shown({ hour: "2-digit", minute: "2-digit" });
const TIME_SECONDS = shown({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = shown({ weekday: "long", day: "numeric", month: "long" });
const DAY_YEAR = shown({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const SHORT_DAY = shown({ weekday: "short", day: "numeric", month: "short" });
const MONTH_DAY = shown({ day: "numeric", month: "short", year: "numeric" });
const LONG_DAY = shown({ day: "numeric", month: "long", year: "numeric" });

export const fromTs = (ts) => new Date(Number.parseFloat(ts) * 1000);
export const time = (date) => TIME.format(date);
export const timeWithSeconds = (date) => TIME_SECONDS.format(date);
export const shortDay = (date) => SHORT_DAY.format(date);
export const longDay = (date) => LONG_DAY.format(date);
export const dayKey = (date) => date.toISOString().slice(0, 10);
export const full = (date) => `${DAY_YEAR.format(date)}, ${TIME_SECONDS.format(date)} UTC`;

/** "Today", "Yesterday" or the day itself, seen from the simulated now. */
export function dayName(date, now) {
  if (now) {
    if (dayKey(date) === dayKey(now)) return "Today";
    if (dayKey(date) === dayKey(new Date(now.getTime() - 86_400_000))) return "Yesterday";
    if (date.getUTCFullYear() !== now.getUTCFullYear()) return DAY_YEAR.format(date);
  }
  return DAY.format(date);
}

const DATE_TOKENS = {
  date_num: dayKey,
  date: longDay,
  date_short: (date) => MONTH_DAY.format(date),
  date_long: (date) => DAY_YEAR.format(date),
  date_pretty: longDay,
  date_short_pretty: (date) => MONTH_DAY.format(date),
  date_long_pretty: (date) => DAY_YEAR.format(date),
  day_divider_pretty: (date) => DAY.format(date),
  time,
  time_secs: timeWithSeconds,
};

/** Slack's `<!date^epoch^format|fallback>`; null where epoch is no number. */
export function dated(epoch, format) {
  const date = new Date(Number(epoch) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  return format.replace(/\{([a-z_]+)\}/g, (whole, token) => DATE_TOKENS[token]?.(date) ?? whole);
}

/** "2 h 10 min", for how far away the next event is. */
export function span(milliseconds) {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.floor(hours / 24)} days`;
}
