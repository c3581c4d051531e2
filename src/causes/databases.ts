import type { Facts } from '../correlate/facts.ts';
import { around, dockerAround, PLAIN_NAME } from './commands.ts';
import { LIST_CONTAINERS } from './runtimes.ts';

/** Units of databases as distributions call them; a container may be called so, too. */
const UNIT = /^(?:mariadb|mysql|postgresql)[A-Za-z0-9@._-]{0,40}$/;
/** What a database's log is of where nothing carries its lines, and its program in a journal. */
const DAEMON = /^(?:mysqld?|mariadbd?|postgres(?:ql)?|mongod(?:b)?)$/;

/** Services or containers of databases as lines about them name them, then as their own lines do. */
function namesOf({ signals }: Facts): readonly [about: string[], own: string[]] {
  const seen = [...signals].filter(([, { values }]) => values.role === 'db');
  const isOwn = ([id]: (typeof seen)[number]): boolean => id.startsWith('db.');
  const named = (some: typeof seen): string[] => some.flatMap(([, { subjects }]) => subjects);
  return [named(seen.filter((one) => !isOwn(one))), named(seen.filter(isOwn))];
}

/** Units of databases that the lines name, or the usual ones. */
function units(facts: Facts): string[] {
  const [about] = namesOf(facts);
  const named = about.map((name) => name.replace(/\.service$/, '')).filter((name) => UNIT.test(name));
  return named.length === 0 ? ['mariadb', 'mysql', 'postgresql', 'mongod'] : [...new Set(named)];
}

/** The database's container, `<database>` where no line names it; null where it is a service of systemd for all that is known. */
function containerOf(facts: Facts): string | null {
  const [about, own] = namesOf(facts);
  if (facts.formats?.has('containers') !== true || about.some((name) => name.endsWith('.service'))) return null;
  return [...about, ...own].find((name) => PLAIN_NAME.test(name) && !DAEMON.test(name)) ?? '<database>';
}

/** Says whether the database runs, and starts it. */
export function startDatabase(facts: Facts): string {
  const container = containerOf(facts);
  if (container !== null) return `${LIST_CONTAINERS}; docker start ${container}`;
  const names = units(facts);
  return `systemctl --no-pager status ${names.join(' ')}; sudo systemctl start ${names[0]}`;
}

/** Fetches what the database and the kernel said around the burst. */
export function databaseLog(facts: Facts): string {
  const container = containerOf(facts);
  const own =
    container === null
      ? `journalctl ${units(facts)
          .map((unit) => `-u ${unit}`)
          .join(' ')} ${around(facts)} -o short-iso | tail -60`
      : `docker logs -t ${dockerAround(facts)} ${container} | tail -60; docker inspect ${container} --format '{{json .State}}'`;
  return `${own}; journalctl -k ${around(facts)} | grep -i 'killed process'; df -h`;
}
