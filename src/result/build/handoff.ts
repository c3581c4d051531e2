import type { FoundBurst } from '../../bursts/burst.ts';
import type { Burst, Verdict } from '../schema.ts';
import { isoInstant } from './times.ts';

const RAYS = 5;

/** Three short texts to send on: to the hosting provider, to Cloudflare's support, to the application's team. */
export function handoffOf(
  burst: FoundBurst,
  verdict: Verdict,
  evidence: Burst['evidence'],
  sentence: string,
): Burst['handoff'] {
  const span = `${isoInstant(burst.startMs)} to ${isoInstant(burst.endMs)} (UTC)`;
  const statuses = [...new Set(burst.failures.map(({ status }) => status))].sort((a, b) => a - b).join(', ');
  const rays = [
    ...new Set(
      burst.failures.flatMap(({ row }) =>
        row?.record.ray === undefined
          ? []
          : [row.record.colo ? `${row.record.ray}-${row.record.colo}` : row.record.ray],
      ),
    ),
  ].slice(0, RAYS);
  const hosts = [...new Set(burst.failures.flatMap(({ row, clue }) => (row ?? clue)?.record.host ?? []))].slice(0, 3);
  const proof = evidence
    .flatMap(({ direction, lines }) => (direction === 'for' ? lines.slice(0, 1) : []))
    .slice(0, 3)
    .map(({ text }) => text);
  const facts = `${span}: ${burst.failed === 0 ? 'requests' : `${burst.failed} requests`} failed with ${statuses || 'an error'}${hosts.length > 0 ? ` on ${hosts.join(', ')}` : ''}. ${sentence}`;
  const finding = `Finding: ${verdict.title} (confidence: ${verdict.word}).`;
  const lines = proof.length === 0 ? '' : `\nLog lines:\n${proof.join('\n')}`;
  return {
    hosting: {
      text: `${facts}\n${finding}${lines}\nPlease check the state of the server and its network in these minutes.`,
      missing: proof.length === 0 ? ['log lines of the server'] : [],
    },
    cloudflare: {
      text: `${facts}\n${finding}${rays.length === 0 ? '' : `\nRay IDs: ${rays.join(', ')}`}`,
      missing: [
        ...(rays.length === 0 ? ['Ray IDs of failing requests'] : []),
        'output of /cdn-cgi/trace from an affected visitor',
        'a redacted HAR of a failing page',
      ],
    },
    application: { text: `${facts}\n${finding}\n${verdict.summary}${lines}`, missing: [] },
  };
}
