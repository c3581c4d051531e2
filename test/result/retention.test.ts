import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/causes/cause.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import { MISSING_EDGE_LOG, MISSING_KERNEL_LOG, MISSING_NGINX_ERROR } from '../../src/causes/texts.ts';
import { keptUntil } from '../../src/result/build/retention.ts';
import { redact } from '../../src/result/redact.ts';
import { factsOf } from '../causes/facts-of.ts';
import { burstOf, resultOf, verdictOf } from '../tools/hand-made-result.ts';

const END = Date.UTC(2025, 2, 4, 9, 15);

describe('how long evidence is kept', () => {
  it('is a day where rotation goes by days', () => {
    expect(keptUntil(textOf(MISSING_NGINX_ERROR.command ?? '', factsOf({ signals: {} })), END)).toMatch(
      /^about 2025-03-18 \(/,
    );
    expect(keptUntil('sudo zcat -f /var/log/php8.2-fpm.log.1', END)).toMatch(/^about 2025-05-27 \(/);
  });

  it('is an event where it goes by size', () => {
    expect(keptUntil('journalctl -k --since "x"', END)).toMatch(/^the journal has filled/);
  });

  it('is not said of what is looked up as it is now', () => {
    expect(keptUntil('free -m; ps -eo rss', END)).toBeNull();
    expect(keptUntil(null, END)).toBeNull();
  });

  it('is seven days for the edge’s own rows, which are asked for by the burst’s times', () => {
    const facts = factsOf({ signals: {} });
    const command = textOf(MISSING_EDGE_LOG.command ?? '', facts);
    expect(command).toContain(`start=${new Date(facts.startMs - 120_000).toISOString().slice(0, 19)}Z`);
    expect(command).toContain(`end=${new Date(facts.endMs + 60_000).toISOString().slice(0, 19)}Z`);
    expect(keptUntil(command, END)).toMatch(/^about 2025-03-11 \(Logpull/);
  });
});

const at = (ms: number): string => new Date(END + ms).toISOString();

describe('a command that fetches evidence', () => {
  it('asks the journal by the origin’s own clock and for lines in UTC', () => {
    const facts = factsOf({ signals: {} });
    const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
    const command = textOf(MISSING_KERNEL_LOG.command ?? '', { ...facts, originSkewMs: -200_000 });
    expect(command).toContain(`--since "${stamp(facts.startMs - 320_000)} UTC"`);
    expect(command).toContain('--utc');
  });

  it('has the shell’s year where no log tells one, and asks Cloudflare for a time to be filled in', () => {
    const facts = { ...factsOf({ signals: {} }), isYearKnown: false };
    const journal = textOf(MISSING_KERNEL_LOG.command ?? '', facts);
    expect(journal).toMatch(/--since "\$\(date \+%Y\)-\d\d-\d\d /);
    expect(textOf(MISSING_EDGE_LOG.command ?? '', facts)).toContain('start=<from>');
  });

  it('passes the door of redaction as it is', () => {
    const facts = factsOf({ signals: {} });
    const missing = CAUSES.flatMap(({ missing: asked }) =>
      asked.flatMap(({ what, why, command }) =>
        command === null ? [] : [{ what, why, command: textOf(command, facts), until: null, decides: [] }],
      ),
    );
    expect(missing.length).toBeGreaterThan(50);
    const safe = redact(resultOf([burstOf(at(0), at(60_000), verdictOf('origin', 'app-down'), { missing })]), {
      enabled: true,
    });
    expect(safe.bursts[0]?.missing.map(({ command }) => command)).toEqual(missing.map(({ command }) => command));
  });
});
