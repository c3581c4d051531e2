import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { traceSource } from '../../src/digest/trace.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { streamSource } from '../../src/input/source.ts';
import { parseCauseNames } from './accuracy/catalogue.ts';
import { type Judged, markLabel } from './lines/labels.ts';
import { type Disagreement, disagreement, peerRow } from './lines/peers.ts';

const LINE =
  '2026/11/20 08:10:14 [error] 7#7: *3 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: example.com, request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:3000/", host: "example.com"';

async function judged(row: Readonly<Record<string, unknown>>): Promise<Disagreement | null> {
  const peer = peerRow(JSON.stringify(row));
  if (peer === null) throw new Error('no row');
  return disagreement(peer, await traceSource(streamSource(Readable.from([Buffer.from(peer.line)])), FORMATS));
}

async function compared(line: string, expected: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  return (await judged({ line, expected }))?.differences.map(({ field }) => field) ?? [];
}

describe('a line that another program has read, too', () => {
  it('agrees by meaning, whatever the names and spellings', async () => {
    const expected = { time_local: '2026-11-20T08:10:14', severity: 'ERROR', remote_addr: '192.0.2.7' };
    expect(await compared(LINE, expected)).toEqual([]);
    expect(await compared(LINE, { upstream_addr: '127.0.0.1:3000', message: 'connect() failed (111' })).toEqual([]);
  });

  it('disagrees in what is named', async () => {
    expect(await compared(LINE, { timestamp: '2026-11-20T09:10:14Z', client: '192.0.2.8' })).toHaveLength(2);
    expect(await judged({ format: 'nginx-error', line: LINE, expected: { unparsable: true } })).not.toBeNull();
    expect(await judged({ format: 'nginx-access', line: LINE, expected: { unparsable: true } })).toBeNull();
    expect(await compared('nothing that anybody knows', { status: 200 })).toEqual(['status']);
  });

  it('is nobody’s mistake where the row lost what is expected, and this program’s where nobody has judged', async () => {
    const expected = { time: '2026/11/20 08:10:14', remote_addr: '192.0.2.7' };
    expect((await judged({ line: 'client logged in', expected }))?.right).toBe('neither');
    // What stands in the part that was kept must be read.
    const kept = { time: '2026/11/20 08:10:14', remote_addr: 'crawler' };
    expect((await judged({ line: 'limiting requests by zone "crawler"', expected: kept }))?.right).toBe('other');
    expect((await judged({ line: LINE, expected: { client: '192.0.2.8' } }))?.right).toBe('other');
    const gpxe = '192.0.2.4 [20/Jul/2009:22:59:29 +0000] "GET /boot.gz HTTP/1.0" 404 46210 "-" "gPXE/0.9.7"';
    const refused = { source: 'tstack/lnav test/logfile_bad_access_log.0', expected: { unparsable: true } };
    expect((await judged({ ...refused, line: gpxe }))?.right).toBe('this');
  });

  it('is not read where only the line itself is expected to be', async () => {
    expect(await compared('nothing that anybody knows', { pool: 'www' })).toEqual(['line']);
  });

  it('fills the placeholders of a pattern', async () => {
    const expected = { level: 'NOTICE', placeholders: '%s text, %d digits' };
    expect(await compared('[%s] NOTICE: fpm is running, pid %d', expected)).toEqual([]);
  });
});

describe('a labelled log', () => {
  const names = parseCauseNames(
    [
      'id\tusual_place\thop\tbroader\ttitle\taliases',
      'refused\ttunnel\ttunnel-service\t\tRefused\tservice-down',
      'restart\torigin\ttunnel-service\trefused\tRestarted\t',
      'unreachable\tnetwork\tedge\t\tUnreachable\tconnect-timeout',
      'timeout\ttunnel\ttunnel-service\t\tTimed out\tconnect-timeout',
    ].join('\n'),
  );
  const said = (place: string, cause: string, others: readonly object[] = []): Judged =>
    ({ verdict: { place, cause, burst: null }, bursts: [], excerpt: { alternatives: others } }) as unknown as Judged;
  const marked = (judged: Judged, label: object): string => markLabel(judged, label, names);

  it('is right where place and cause are, by any of the causes that a name stands for', () => {
    expect(marked(said('origin', 'timeout'), { place: 'origin', cause: 'connect-timeout' })).toBe('right');
    expect(marked(said('none', 'unknown'), { place: 'none', cause: 'client-gone' })).toBe('right');
  });

  it('is wrong in the wrong place, unless a cause that is accepted usually lies there', () => {
    expect(marked(said('tunnel', 'restart'), { place: 'origin', cause: 'restart' })).toBe('wrong');
    const accepted = { place: 'origin', cause: 'restart', also_acceptable: ['service-down'] };
    expect(marked(said('tunnel', 'refused'), accepted)).toBe('right');
  });

  it('is vague under an umbrella, and open where the cause may lie in the labelled place as well', () => {
    const label = { place: 'origin', cause: 'restart' };
    expect(marked(said('origin', 'refused'), label)).toBe('vague');
    expect(marked(said('tunnel', 'refused', [{ place: 'origin', cause: 'refused' }]), label)).toBe('open');
    expect(marked(said('tunnel', 'timeout'), { ...label, error_lines_expected: false })).toBe('open');
  });

  it('takes the usual place of its cause where the label names none that there is', () => {
    expect(marked(said('tunnel', 'refused'), { place: 'edge-network', cause: 'service-down' })).toBe('right');
  });
});
