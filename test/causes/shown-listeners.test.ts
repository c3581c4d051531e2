import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { analyze } from '../../src/index.ts';

const refused = (upstream: string): string =>
  `2026/11/20 08:14:38 [error] 812#812: *512 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: example.com, request: "GET /cart HTTP/1.1", upstream: "http://${upstream}/cart", host: "example.com"\n`;
const HEAD =
  'Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name\n';
const listens = (...addresses: readonly string[]): string =>
  addresses.map((at) => `tcp        0      0 ${at}          0.0.0.0:*               LISTEN      700/x\n`).join('');
const DF =
  'Filesystem      Size  Used Avail Use% Mounted on\nudev            1.9G     0  1.9G   0% /dev\n/dev/sda1        50G   48G     0 100% /\n';

async function verdictOf(text: string) {
  return (await analyze(['-'], { stdin: Readable.from([Buffer.from(text)]) })).verdict;
}

it('a port that the whole list lacks is told', async () => {
  const verdict = await verdictOf(
    refused('127.0.0.1:3000') + HEAD + listens('0.0.0.0:80', '0.0.0.0:22', '127.0.0.1:3306'),
  );
  expect(verdict.cause).toBe('app-down');
  expect(verdict.summary).toMatch(/Nobody listened on that port/);
});

it.each([
  ['was searched', refused('127.0.0.1:3000') + listens('0.0.0.0:80', '0.0.0.0:22', '127.0.0.1:3306')],
  ['is that of one port', refused('127.0.0.1:3000') + HEAD + listens('0.0.0.0:80')],
  ['has names for ports', refused('127.0.0.1:3000') + HEAD + listens('0.0.0.0:http', '0.0.0.0:ssh', '127.0.0.1:mysql')],
  ['may be of another host', refused('192.0.2.9:3000') + HEAD + listens('0.0.0.0:80', '0.0.0.0:22', '127.0.0.1:3306')],
])('of a list that %s, silence tells nothing', async (_name, text) => {
  expect((await verdictOf(text)).summary).not.toMatch(/Nobody listened|listened on that port/);
});

it('another address than the one that was dialled is named', async () => {
  const verdict = await verdictOf(refused('172.17.0.1:3000') + listens('127.0.0.1:3000'));
  expect(verdict.summary).toMatch(/but at 127\.0\.0\.1 only/);
});

it('localhost is not blamed on IPv6 where nobody listens on the port at all', async () => {
  const list = HEAD + listens('0.0.0.0:80', '0.0.0.0:22', '127.0.0.1:3306');
  expect((await verdictOf(refused('[::1]:3000') + list)).cause).toBe('app-down');
});

it.each([
  ['80 alone', ['0.0.0.0:80', '0.0.0.0:22', '127.0.0.1:3306'], 'origin-wrong-port'],
  ['neither', ['0.0.0.0:8080', '0.0.0.0:22', '127.0.0.1:443'], 'web-server-down'],
])('a 521 where %s is open for visitors', async (_name, addresses, cause) => {
  expect((await verdictOf(`Error 521\nWeb server is down\n${HEAD}${listens(...addresses)}`)).cause).toBe(cause);
});

it('a full disk is named with some doubt, and beside refused connections second', async () => {
  const alone = await verdictOf(DF);
  expect(alone.cause).toBe('disk-full');
  expect(alone.confidence).toBeLessThan(0.85);
  const beside = await verdictOf(refused('127.0.0.1:3000') + DF);
  expect(beside.cause).toBe('app-down');
  expect(beside.confidence).toBeLessThan(0.85);
});
