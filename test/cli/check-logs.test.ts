import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkLogs } from '../../src/check/check.ts';
import { renderCheck } from '../../src/cli/check-screen.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { width } from '../../src/report/columns.ts';
import { run } from './program.ts';

const LOGS = 'fixtures/incidents/fpm-socket-missing/logs';

const root = mkdtempSync(join(tmpdir(), 'whose502-check-'));
afterAll(() => rmSync(root, { recursive: true }));

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(root, 'logs-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe('whose502 check-logs', () => {
  it('says what lacks and how to add it, and ends with its own code', async () => {
    const { code, stdout, stderr } = await run(['check-logs', LOGS]);
    expect({ code, stderr }).toEqual({ code: EXIT.lacking, stderr: '' });
    expect(stdout).toContain('2 of 8 logs lack fields');
    expect(stdout).toContain(' connection="$connection"');
    expect(stdout).not.toContain('\x1b');
  });

  it('ends with 0 where nothing lacks, and gives the same as JSON', async () => {
    const folder = folderWith({ 'nginx.conf': 'http {\n  error_log /var/log/nginx/error.log notice;\n}\n' });
    const { code, stdout } = await run(['check-logs', folder, '--json']);
    expect(code).toBe(EXIT.analysed);
    expect(JSON.parse(stdout)).toMatchObject({ logs: [{ format: 'nginx-error', lacks: [] }], additions: [] });
  });

  /** A log of each server whose rows lack something. */
  const OF_SERVERS = {
    'apache2/access.log':
      '203.0.113.7 - - [20/Nov/2026:08:14:38 +0100] "GET /a HTTP/1.1" 502 544 "-" "Mozilla/5.0 (X11)"',
    'haproxy.log':
      '172.70.1.2:53008 [20/Nov/2026:19:28:20.062] www app/web1 0/0/-1/-1/3008 503 217 - - SC-- 1/1/0/0/3 0/0 "GET /cart HTTP/1.1"',
    'envoy.log':
      '[2026-11-20T08:14:38.120Z] "GET /cart HTTP/2" 503 UF 0 145 12 - "198.51.100.7" "curl/8.5.0" "6f0c6a3e" "www.example.com" "10.8.1.12:3000"',
    'traefik.log':
      '172.18.0.1 - - [20/Nov/2026:08:14:38 +0000] "GET /cart?id=1 HTTP/1.1" 502 11 "-" "-" 7 "shop@docker" "http://172.18.0.5:3000" 2ms',
    'u_ex.log':
      '#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: 2026-11-20 08:00:00\n#Fields: date time s-ip cs-method cs-uri-stem cs(User-Agent) sc-status',
    Caddyfile: 'www.example.com {\n\treverse_proxy localhost:3000\n}',
  };

  it('masks nothing of what the configurations of the servers are made of', async () => {
    const folder = folderWith(OF_SERVERS);
    const { stdout } = await run(['check-logs', folder, '--json']);
    const { additions } = await checkLogs([folder]);
    expect(additions).toHaveLength(Object.keys(OF_SERVERS).length);
    expect(JSON.parse(stdout)).toMatchObject({ additions: additions.map(({ configuration }) => ({ configuration })) });
  });

  it('says once what holds for many files', async () => {
    const notes = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}.txt`, `call ${name}\n`]));
    const { stderr } = await run(['check-logs', folderWith(notes)]);
    expect(stderr).toContain('a.txt, b.txt, c.txt and 2 more: no log that is known');
  });

  it('ends with 3 where nothing is a log', async () => {
    const { code, stderr } = await run(['check-logs', folderWith({ 'notes.txt': 'call Bob\n' })]);
    expect(code).toBe(EXIT.nothingUnderstood);
    expect(stderr).toContain('notes.txt: no log that is known');
  });

  it.each([40, 80, 100])('fits %i columns, except what is to be copied', async (columns) => {
    const checks = [await checkLogs([LOGS]), await checkLogs([folderWith(OF_SERVERS)])];
    const lines = checks.flatMap((check) => renderCheck(check, { columns, color: false }).split('\n'));
    expect(lines.filter((line) => width(line) > columns && !line.startsWith('    '))).toEqual([]);
  });
});
