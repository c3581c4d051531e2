import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Entry, entryOf } from '../../src/batch/entry.ts';
import { renderIndexPage } from '../../src/batch/index-page.ts';
import { clusterSentence, recurrenceSentence } from '../../src/batch/recurrence-words.ts';
import { summarize } from '../../src/batch/summary.ts';
import { type Trace, tracesOf } from '../../src/batch/traces.ts';
import { expectHarmlessIndex } from '../report/harmless.ts';
import { HOSTILE } from '../report/hostile.ts';
import { QUIET, SAMPLE } from '../report/sample-result.ts';

/** An incident of one burst. */
function entry(
  name: string,
  day: string,
  cause: string,
  traces: readonly Trace[] = [],
  more: Partial<Entry> = {},
): Entry {
  const verdict = { place: 'origin' as const, cause, title: `The ${cause}` };
  const start = `${day}T10:00:00.000Z`;
  const end = `${day}T10:05:00.000Z`;
  return {
    name,
    folder: name,
    files: 1,
    bytes: 1000,
    problems: [],
    verdict: { ...verdict, placeConfidence: 0.99, confidence: 0.9, word: 'high' },
    start,
    end,
    durationMs: 300_000,
    failed: 10,
    counted: 'exactly',
    bursts: [{ id: 'B1', kind: 'gateway', ...verdict, start, end, cutEnd: false, failed: 10, traces: [...traces] }],
    hosts: [{ host: 'www.example.com', failed: 10 }],
    contentId: name,
    ...more,
  };
}

const pool = (value: string): Trace => ({ kind: 'pool', value });

describe('what comes again', () => {
  it('is told by cause, with what it shares, how often and how far apart', () => {
    const { recurrences } = summarize([
      entry('c', '2025-03-30', 'php-fpm-max-children', [pool('shop')]),
      entry('a', '2025-03-04', 'php-fpm-max-children', [pool('shop')]),
      entry('d', '2025-04-12', 'php-fpm-max-children', [pool('shop')]),
      entry('b', '2025-03-17', 'php-fpm-max-children', [pool('shop')]),
      entry('x', '2025-03-17', 'app-down'),
    ]);
    expect(recurrences).toHaveLength(1);
    expect(recurrences[0]?.occurrences.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
    expect(recurrences.map(recurrenceSentence)).toEqual([
      'Fourth time since March 2025, every 13 days; same pool shop each time.',
    ]);
  });

  it('is parted by what only some of its incidents share', () => {
    const upstream = (value: string): Trace => ({ kind: 'upstream', value });
    const path: Trace = { kind: 'path', value: '/feed' };
    const all = [
      entry('a', '2025-03-04', 'app-down', [upstream('192.0.2.1:3000'), path]),
      entry('b', '2025-03-10', 'app-down', [upstream('192.0.2.2:3000')]),
      entry('c', '2025-03-17', 'app-down', [upstream('192.0.2.1:3000'), path]),
      entry('d', '2025-03-20', 'app-down', [upstream('192.0.2.2:3000')]),
      entry('e', '2025-03-30', 'app-down', [upstream('192.0.2.1:3000'), path]),
      entry('f', '2025-04-01', 'app-down'),
    ];
    const [{ clusters } = { clusters: [] }] = summarize(all).recurrences;
    expect(clusters.map(clusterSentence)).toEqual([
      'Third time since March 2025, every 13 days: same path /feed, same upstream 192.0.2.1:3000',
      'Second time since March 2025, 10 days apart: same upstream 192.0.2.2:3000',
    ]);
    const page = renderIndexPage(summarize(all), ['html']);
    expect(page).toContain('others: <a href="incidents/f/report.html#B1">');
  });

  it('does not count what all other incidents share, too', () => {
    const www = pool('www');
    const others = ['e', 'f', 'g'].map((name, i) => entry(name, `2025-05-0${i + 1}`, `other-${name}`, [www]));
    const twice = [
      entry('a', '2025-03-04', 'app-down', [www, { kind: 'upstream', value: '192.0.2.1:3000' }]),
      entry('b', '2025-03-06', 'app-down', [www, { kind: 'upstream', value: '192.0.2.1:3000' }]),
    ];
    const { recurrences, sharedParts } = summarize([...twice, ...others]);
    expect(recurrences.map(recurrenceSentence)).toEqual([
      'Second time since March 2025, 2 days apart; same upstream 192.0.2.1:3000 each time.',
    ]);
    expect(sharedParts).toEqual([]);
  });

  it('is told of a part that several causes struck', () => {
    const upstream: Trace = { kind: 'upstream', value: '192.0.2.1:3000' };
    const { sharedParts } = summarize([
      entry('a', '2025-03-04', 'app-down', [upstream]),
      entry('b', '2025-03-06', 'app-reset', [upstream]),
      entry('c', '2025-03-07', 'disk-full'),
      entry('d', '2025-03-08', 'waf-block'),
    ]);
    expect(sharedParts).toMatchObject([
      { ...upstream, incidents: 2, causes: [{ cause: 'app-down' }, { cause: 'app-reset' }] },
    ]);
  });

  it('counts an archive and the folder that was unpacked from it once', () => {
    const twin = { contentId: 'same' };
    const summary = summarize([
      entry('inc.zip', '2025-03-04', 'app-down', [], twin),
      entry('inc', '2025-03-04', 'app-down', [], twin),
    ]);
    expect(summary.incidents.map(({ name, sameAs }) => [name, sameAs])).toEqual([
      ['inc', null],
      ['inc.zip', 'inc'],
    ]);
    expect([summary.recurrences, summary.months.map(({ incidents }) => incidents)]).toEqual([[], [1]]);
    expect(renderIndexPage(summary, ['html'])).toContain('the same files as inc');
  });

  it('does not depend on the order of the incidents', () => {
    const all = ['04', '01', '03', '02'].map((day, i) =>
      entry(`i${i}`, `2025-03-${day}`, i % 2 ? 'app-down' : 'app-reset'),
    );
    expect(summarize([...all].reverse())).toEqual(summarize(all));
  });
});

describe('months', () => {
  it('are all there between the first and the last, also over a new year', () => {
    const { months } = summarize([entry('a', '2024-11-04', 'x'), entry('b', '2025-02-04', 'y')]);
    expect(months.map(({ month, incidents }) => [month, incidents])).toEqual([
      ['2024-11', 1],
      ['2024-12', 0],
      ['2025-01', 0],
      ['2025-02', 1],
    ]);
  });
});

describe('what a burst was bound to', () => {
  it('is what nearly all of its failures share, and what its proof names', () => {
    const [burst] = SAMPLE.bursts;
    if (!burst) throw new Error('the sample has a burst');
    const proof = burst.evidence[0];
    if (!proof) throw new Error('the burst has evidence');
    const line = { source: 0, line: 1, text: 'PHP Fatal error in /srv/wp-content/plugins/woo-feed/a.php, [pool shop]' };
    const lines = { ...proof, direction: 'for' as const, lines: [line] };
    const none = { values: [], other: { failed: 0, total: 0 }, estimated: false };
    const of = (failed: readonly number[]) => ({
      ...none,
      values: failed.map((count, i) => ({ value: `v${i}`, failed: count, total: null })),
    });
    const scope = {
      ...burst.scope,
      hosts: none,
      servers: none,
      colos: of([5, 5]),
      upstreams: of([1, 19]),
      paths: of([19]),
    };
    const traces = tracesOf({ ...burst, group: { madeBy: burst.group.madeBy }, scope, evidence: [lines] });
    expect(traces.map(({ kind, value }) => `${kind} ${value}`)).toEqual([
      'upstream v1',
      'path v0',
      'pool shop',
      'plugin woo-feed',
    ]);
  });
});

describe('the page of the index', () => {
  it('escapes all it is told, loads nothing and runs nothing', () => {
    const page = renderIndexPage(
      summarize([
        entry(HOSTILE, '2025-03-04', HOSTILE, [pool(HOSTILE)], { folder: 'x', problems: [HOSTILE] }),
        entry(`${HOSTILE}2`, '2025-03-05', HOSTILE, [pool(HOSTILE)], {
          folder: 'y',
          hosts: [{ host: HOSTILE, failed: 1 }],
        }),
      ]),
      ['html', 'csv'],
    );
    expect(page).toContain("default-src 'none'");
    const scripts = page.match(/<script[^>]*>/g);
    expect(scripts).toEqual(['<script>']);
    const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
    expect(page).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expectHarmlessIndex(page, script);
  });

  it('is drawn where nothing failed or nothing could be read', () => {
    const quiet = entryOf({ name: 'q', folder: 'q', files: 1, bytes: 1, problems: [] }, QUIET);
    expect(renderIndexPage(summarize([quiet]), ['json'])).toContain('href="incidents/q/result.json"');
    expect(renderIndexPage(summarize([]), ['html'])).toContain('0 incidents');
  });
});
