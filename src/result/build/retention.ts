/**
 * Until when evidence is likely to exist, by where its command looks. Defaults of Debian and Ubuntu (logrotate's files of
 * the packages), of journald.conf(5), and of Cloudflare's Logpull (developers.cloudflare.com: 7 days back).
 */

interface Store {
  readonly where: RegExp;
  /** Days after which the default rotation has removed what was written at an instant; null where no time is set. */
  readonly days: number | null;
  readonly why: string;
}

const STORES: readonly Store[] = [
  {
    where: /\/logs\/received\b/,
    days: 7,
    why: 'Logpull reaches 7 days back, if retention was on; Logpush sends nothing afterwards',
  },
  { where: /\/var\/log\/nginx\//, days: 14, why: 'logrotate keeps 14 daily files of nginx on Debian and Ubuntu' },
  { where: /\/var\/log\/apache2\//, days: 14, why: 'logrotate keeps 14 daily files of Apache on Debian and Ubuntu' },
  {
    where: /\/var\/log\/php[\d.]*-fpm\.log/,
    days: 84,
    why: 'logrotate keeps 12 weekly files of PHP-FPM on Debian and Ubuntu',
  },
  { where: /\/var\/log\/dpkg\.log/, days: 365, why: 'logrotate keeps 12 monthly files of dpkg' },
  {
    where: /\bjournalctl\b/,
    days: null,
    why: 'the journal has filled its share of the disk (by default a tenth, at most 4 GB), or the next reboot where /var/log/journal does not exist',
  },
];

const DAY_MS = 86_400_000;

/** Until when what a command fetches is likely to exist: a day and why, or an event. Null for what is looked up as it is now. */
export function keptUntil(command: string | null, burstEndMs: number): string | null {
  const store = command === null ? undefined : STORES.find(({ where }) => where.test(command));
  if (store === undefined) return null;
  if (store.days === null) return store.why;
  const untilMs = burstEndMs + store.days * DAY_MS;
  if (!Number.isFinite(untilMs)) return null;
  return `about ${new Date(untilMs).toISOString().slice(0, 10)} (${store.why})`;
}
