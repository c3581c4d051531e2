/** The two hours that every log of the benchmark tells of, and when requests failed in them. */

const START_MS = Date.UTC(2025, 5, 10, 8);
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export const SPAN_SECONDS = 7200;

/** Six outages of two minutes, twenty minutes apart: a tenth of the time. */
const BURST_EVERY = 1200;
const BURST_FROM = 500;
const BURST_SECONDS = 120;

/** Share of failed requests inside and outside the outages where a fiftieth of all is to fail. */
const IN_BURST = 0.18;
const BETWEEN = 0.0022;

export function inBurst(second) {
  const into = (second % BURST_EVERY) - BURST_FROM;
  return into >= 0 && into < BURST_SECONDS;
}

/** Probability that a request fails in this second. `share` is 0.02 (in outages) or anything else (evenly). */
export function failedShare(second, share) {
  if (share !== 0.02) return share;
  return inBurst(second) ? IN_BURST : BETWEEN;
}

/** The second written as `2025-06-10T08:00:00`; one list, as the generator asks a million times. */
export const ISO = Array.from({ length: SPAN_SECONDS + 60 }, (_, i) =>
  new Date(START_MS + i * 1000).toISOString().slice(0, 19),
);

/** As nginx's error log writes it: `2025/06/10 08:00:00`. */
export const SLASHED = ISO.map((iso) => iso.replaceAll('-', '/').replace('T', ' '));

/** As an access log writes it: `10/Jun/2025:08:00:00 +0000`. */
export const COMMON = ISO.map((iso) => {
  const [year, month, rest] = iso.split('-');
  const [day, clock] = rest.split('T');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${clock} +0000`;
});
