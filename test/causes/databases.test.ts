import { describe, expect, it } from 'vitest';
import { databaseEnd, databaseLog, startDatabase } from '../../src/causes/databases.ts';
import type { Facts } from '../../src/correlate/facts.ts';
import { factsOf } from './facts-of.ts';

/** Facts in which lines about how a database ended carry a name, and its own lines that of its program. */
function databaseOf(ended: string | null, ...formats: readonly string[]): Facts {
  const facts = factsOf({
    signals: {
      'db.stop': { subjects: ['mariadbd'], values: { role: 'db' } },
      'kernel.oom-kill': { subjects: ['mariadbd'], values: { role: 'db' } },
      ...(ended === null ? {} : { 'unit.exited': { subjects: [ended], values: { role: 'db' } } }),
    },
  });
  return { ...facts, formats: new Set(formats) };
}

describe('the database where it runs', () => {
  it('is a service of systemd unless something tells otherwise', () => {
    expect(startDatabase(databaseOf(null))).toMatch(
      /^systemctl --no-pager status mariadb mysql postgresql mongod; sudo systemctl start mariadb$/,
    );
    const facts = databaseOf('postgresql@15-main.service', 'systemd');
    expect(startDatabase(facts)).toMatch(/; sudo systemctl start postgresql@15-main$/);
    expect(databaseLog(facts)).toMatch(/^journalctl -u postgresql@15-main --since /);
  });

  it('is a container where Docker speaks of containers, also one that is called as its program is', () => {
    const facts = databaseOf('photos_postgres', 'containers');
    expect(startDatabase(facts)).toMatch(/; docker start photos_postgres$/);
    expect(databaseEnd(facts)).toContain(' photos_postgres | tail -60; docker inspect photos_postgres ');
    expect(startDatabase(databaseOf('mysql', 'containers'))).toMatch(/; docker start mysql$/);
  });

  it('is the container that is named before its lines', () => {
    const facts = factsOf({ signals: { 'db.too-many': { subjects: ['postgres'], values: { container: 'db-1' } } } });
    expect(databaseLog(facts)).toMatch(/^docker logs -t .* \$\(docker ps -aqf 'name=db-1\$'\)$/);
    expect(startDatabase(facts)).toMatch(/; docker start \$\(docker ps -aqf 'name=db-1\$'\)$/);
  });

  it('stays a service beside containers where systemd names its unit', () => {
    expect(startDatabase(databaseOf('mariadb.service', 'containers'))).toContain('systemctl start mariadb');
  });

  it('has a stand-in where no line names its container, or none fit for a shell', () => {
    expect(startDatabase(databaseOf(null, 'containers'))).toMatch(/; docker start <database>$/);
    expect(startDatabase(databaseOf('db; rm -rf /', 'containers'))).toMatch(/; docker start <database>$/);
  });
});
