import { describe, expect, it } from 'vitest';
import { runAnalysis } from '../../src/analyze.ts';
import type { Result } from '../../src/result/schema.ts';
import { openTrees } from '../input/trees.ts';

/*
 * A service that restarts and a rule that leads nowhere give the same lines in cloudflared's log, which says nothing of
 * requests that succeed. What parts them is when the refusals come and when they do not.
 */

const tree = openTrees();
const START_MS = Date.UTC(2025, 5, 3, 19, 2, 11);

/** A line of cloudflared, this many seconds after its start. */
interface Said {
  readonly after: number;
  readonly text: string;
}

const iso = (after: number): string => new Date(START_MS + after * 1000).toISOString();
const bare = ({ after, text }: Said): string => `${iso(after).slice(0, 19)}Z ${text}`;
const inJournal = (said: Said): string => {
  const outer = iso(said.after).replace(
    'Z',
    `${String(said.after % 7)
      .slice(2, 5)
      .padEnd(3, '0')}+0000`,
  );
  return `${outer} vps cloudflared[811]: ${bare(said)}`;
};

const started: readonly Said[] = [
  { after: 0, text: 'INF Starting tunnel tunnelID=5a0c7f0e-21f3-4c1c-8f5e-0d8b1c6f3f10' },
  { after: 0, text: 'INF Version 2025.4.2 (Checksum abc)' },
  ...[0, 1, 2, 3].map((i) => ({
    after: 1 + i * 0.9,
    text: `INF Registered tunnel connection connIndex=${i} connection=7a1fd1f0-6e5f-4a16-8051-732f1c58a16${i} event=0 ip=198.41.192.${7 + i} location=ams0${i} protocol=quic`,
  })),
];
const stopped = (after: number): readonly Said[] => [
  { after, text: 'INF Initiating graceful shutdown due to signal terminated ...' },
  { after: after + 2, text: 'INF Tunnel server stopped' },
];
const refused = (after: number, i: number): readonly Said[] =>
  unreachable(after, i, 'dial tcp 192.168.1.20:8096: connect: connection refused');
const unreachable = (after: number, i: number, why: string): readonly Said[] => {
  const error = `error="Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: ${why}"`;
  return [
    { after, text: `ERR  ${error} connIndex=${i % 4} event=1 ingressRule=0 originService=http://192.168.1.20:8096` },
    {
      after,
      text: `ERR Request failed ${error} connIndex=${i % 4} dest=https://media.example.com/${i} event=0 ip=198.41.192.7 type=http`,
    },
  ];
};
const refusals = (...times: readonly number[]): readonly Said[] => times.flatMap(refused);
const steadily = (from: number, to: number, every: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, i) => from + i * every);

async function verdict(lines: readonly string[]): Promise<Result['verdict']> {
  return (await runAnalysis([tree({ 'cloudflared.log': `${lines.join('\n')}\n` })], { redact: false })).result.verdict;
}

describe('refusals that end while cloudflared runs on', () => {
  // Requests every quarter of a second from the fourth second on; the service is away for six.
  const restart = [...started, ...refusals(...steadily(8.31, 14.1, 0.25)), ...stopped(15.9)];

  it.each([
    ['in whole seconds', bare],
    ['in a journal that has the time finer', inJournal],
  ])('are a restart where they came steadily and were missing before and after, %s', async (_, write) => {
    const { place, cause, placeConfidence } = await verdict(restart.map(write));
    expect({ place, cause }).toEqual({ place: 'origin', cause: 'tunnel-service-restart' });
    // Somebody who asks for a while and goes away leaves the same lines.
    expect(placeConfidence).toBeLessThan(0.95);
  });

  it.each([
    ['a page opened three times', [35.1, 35.4, 41.2, 41.5, 44.1, 44.6]],
    ['a page of many files, opened twice', [...steadily(40, 41.6, 0.2), ...steadily(52, 53.6, 0.2)]],
  ])('are no restart where one person may have tried: %s', async (_, times) => {
    const { place, cause } = await verdict([...started, ...refusals(...times), ...stopped(300)].map(bare));
    expect({ place, cause }).toEqual({ place: 'tunnel', cause: 'tunnel-service-refused' });
  });

  it('are no restart where they last until cloudflared is stopped', async () => {
    const lasting = [...started, ...refusals(...steadily(8.3, 15.8, 0.05)), ...stopped(16.01)];
    expect((await verdict(lasting.map(bare))).cause).not.toBe('tunnel-service-restart');
  });
});

describe('a service that refuses minutes after cloudflared was started', () => {
  const tries = refusals(335.1, 335.4, 341.2, 341.5, 344.1, 344.6);

  it('is not known to have worked before: somebody may have set up the tunnel until then', async () => {
    expect(await verdict([...started, ...tries].map(bare))).toMatchObject({
      place: 'tunnel',
      cause: 'tunnel-service-refused',
      word: expect.not.stringMatching('very high'),
    });
  });

  it('is where hours have passed', async () => {
    const later = tries.map(({ after, text }) => ({ after: after + 7200, text }));
    expect(await verdict([...started, ...later].map(bare))).toMatchObject({ place: 'origin' });
  });
});

it('connections that end with cloudflared are no lost path, where its log has errors alone', async () => {
  const ending = [0, 1, 2, 3].flatMap((i) => [
    {
      after: 12,
      text: `ERR failed to serve tunnel connection error="control stream encountered a failure while serving" connIndex=${i} event=0 ip=198.41.192.${7 + i}`,
    },
    {
      after: 12,
      text: `ERR Serve tunnel error error="control stream encountered a failure while serving" connIndex=${i} event=0 ip=198.41.192.${7 + i}`,
    },
  ]);
  const closed = [8.1, 8.5, 9, 9.4, 10.1].flatMap((after, i) => unreachable(after, i, 'EOF'));
  const last = { after: 12, text: 'ERR icmp router terminated error="context canceled"' };
  expect(await verdict([...closed, ...ending, last].map(bare))).toMatchObject({ cause: 'tunnel-service-closed' });
});
