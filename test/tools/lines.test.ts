import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { traceSource } from '../../src/digest/trace.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { streamSource } from '../../src/input/source.ts';
import { disagreements, peerRow } from './lines/peers.ts';

const LINE =
  '2026/11/20 08:10:14 [error] 7#7: *3 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: example.com, request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:3000/", host: "example.com"';

async function compared(line: string, expected: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  const row = peerRow(JSON.stringify({ line, expected }));
  if (row === null) throw new Error('no row');
  return disagreements(row, await traceSource(streamSource(Readable.from([Buffer.from(row.line)])), FORMATS));
}

describe('a line that another program has read, too', () => {
  it('agrees by meaning, whatever the names and spellings', async () => {
    const expected = { time_local: '2026-11-20T08:10:14', severity: 'ERROR', remote_addr: '192.0.2.7' };
    expect(await compared(LINE, expected)).toEqual([]);
    expect(await compared(LINE, { upstream_addr: '127.0.0.1:3000', message: 'connect() failed (111' })).toEqual([]);
  });

  it('disagrees in what is named', async () => {
    expect(await compared(LINE, { timestamp: '2026-11-20T09:10:14Z', client: '192.0.2.8' })).toHaveLength(2);
    expect(await compared(LINE, { unparsable: true })).toHaveLength(1);
    expect(await compared('nothing that anybody knows', { status: 200 })).toEqual(['not understood']);
  });

  it('fills the placeholders of a pattern', async () => {
    const expected = { level: 'NOTICE', placeholders: '%s text, %d digits' };
    expect(await compared('[%s] NOTICE: fpm is running, pid %d', expected)).toEqual([]);
  });
});
