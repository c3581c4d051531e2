import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { traceSource } from '../../../src/digest/trace.ts';
import { FORMATS } from '../../../src/formats/registry.ts';
import { streamSource } from '../../../src/input/source.ts';

async function read(text: string) {
  const { records, notUnderstood } = await traceSource(streamSource(Readable.from([Buffer.from(text)])), FORMATS);
  const inOrder = records.map(({ record }) => record).sort((a, b) => a.line - b.line);
  const told = inOrder.map((record) => `${record.line} ${record.signal} ${'subject' in record ? record.subject : '-'}`);
  return { notUnderstood, told };
}

const NGINX = ` nginx.service - A high performance web server and a reverse proxy server
   Loaded: loaded (/lib/systemd/system/nginx.service; enabled; vendor preset: enabled)
   Active: failed (Result: exit-code) since Fri 2021-01-08 13:46:17 CET; 1min 13s ago
     Docs: man:nginx(8)
  Process: 14213 ExecStartPre=/usr/sbin/nginx -t -q -g daemon on; master_process on; (code=exited, status=1/FAILURE)
`;

describe('what systemctl status prints', () => {
  it('is read where the dot is lost, and the lines of the journal below are still the journal’s', async () => {
    const text = `${NGINX}
Jan 08 13:46:17 web01 systemd[1]: Starting A high performance web server and a reverse proxy server...
Jan 08 13:46:17 web01 systemd[1]: nginx.service: Failed with result 'exit-code'.
`;
    expect(await read(text)).toEqual({
      notUnderstood: 0,
      told: [
        '3 unit.exited nginx.service',
        '3 unit.shown-down nginx.service',
        '5 nginx.conf-error -',
        '7 unit.starting A high performance web server and a reverse proxy server',
        '8 unit.failed nginx.service',
      ],
    });
  });

  it('tells each of several units, whatever ends between them', async () => {
    const text = `${NGINX}${NGINX.replaceAll('nginx', 'redis')}\u25cf mysql.service - MySQL Community Server
     Active: active (running) since Fri 2021-01-08 12:00:00 CET; 1h ago
     Status: "Server is operational"
      Tasks: 38 (limit: 4915)
     Memory: 364.8M
     CGroup: /system.slice/mysql.service
             \u2514\u2500713 /usr/sbin/mysqld
2021/01/08 13:46:20 [notice] 1#1: start worker processes
`;
    expect((await read(text)).told).toEqual([
      '3 unit.exited nginx.service',
      '3 unit.shown-down nginx.service',
      '5 nginx.conf-error -',
      '8 unit.exited redis.service',
      '8 unit.shown-down redis.service',
      '12 unit.started mysql.service',
      '12 unit.shown-up mysql.service',
      '18 nginx.workers -',
    ]);
  });

  it('says nothing of a unit whose state was cut off, and of one whose state nobody knows', async () => {
    const head = '\u25cf nginx.service - A high performance web server\n';
    expect((await read(head)).told).toEqual([]);
    expect(
      (await read(`${head}     Active: refreshing (refresh) since Fri 2021-01-08 12:00:00 UTC; 1h ago\n`)).told,
    ).toEqual(['2 unit.chatter nginx.service']);
  });
});
