import type { Facts } from '../correlate/facts.ts';
import { around, dockerAround, PLAIN_NAME } from './commands.ts';
import { LIST_CONTAINERS, printingContainer } from './runtimes.ts';

/** Units of databases as distributions call them; a container may be called so, too. */
const UNIT = /^(?:mariadb|mysql|postgresql)[A-Za-z0-9@._-]{0,40}$/;

/** Services or containers of databases as lines about them name them. */
function namesOf({ signals }: Facts): string[] {
  const about = [...signals].filter(([id, { values }]) => id.startsWith('unit.') && values.role === 'db');
  return about.flatMap(([, { subjects }]) => subjects);
}

/** Units of databases that the lines name, or the usual ones. */
function units(facts: Facts): string[] {
  const named = namesOf(facts).map((name) => name.replace(/\.service$/, ''));
  const known = named.filter((name) => UNIT.test(name));
  return known.length === 0 ? ['mariadb', 'mysql', 'postgresql', 'mongod'] : [...new Set(known)];
}

/** The database's container, `<database>` where no line names it; null where it is a service of systemd for all that is known. */
function containerOf(facts: Facts): string | null {
  const names = namesOf(facts);
  if (names.some((name) => name.endsWith('.service'))) return null;
  const printed = printingContainer(facts, /^db\./);
  if (facts.formats?.has('containers') !== true) return printed;
  return names.find((name) => PLAIN_NAME.test(name)) ?? printed ?? '<database>';
}

/** Says whether the database runs, and starts it. */
export function startDatabase(facts: Facts): string {
  const container = containerOf(facts);
  if (container !== null) return `${LIST_CONTAINERS}; docker start ${container}`;
  const names = units(facts);
  return `systemctl --no-pager status ${names.join(' ')}; sudo systemctl start ${names[0]}`;
}

/** Fetches what the database said around the burst. */
export function databaseLog(facts: Facts): string {
  const container = containerOf(facts);
  if (container !== null) return `docker logs -t ${dockerAround(facts)} ${container}`;
  const ofUnits = units(facts).map((unit) => `-u ${unit}`);
  return `journalctl ${ofUnits.join(' ')} ${around(facts)} -o short-iso`;
}

/** Fetches what tells why the database ended: what it and the kernel said around the burst, and how full the disks are. */
export function databaseEnd(facts: Facts): string {
  const container = containerOf(facts);
  const state = container === null ? '' : `; docker inspect ${container} --format '{{json .State}}'`;
  return `${databaseLog(facts)} | tail -60${state}; journalctl -k ${around(facts)} | grep -i 'killed process'; df -h`;
}
