import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { analyze } from '../../src/index.ts';
import { renderHtml } from '../../src/report/html/page.ts';
import { renderMarkdown } from '../../src/report/markdown/page.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { resultSchema } from '../../src/result/schema.ts';

/** Two hours of an nginx at one request a second; every hundredth is answered so. */
function logs(status: number, says: string): { access: string[]; error: string[] } {
  const access: string[] = [];
  const error: string[] = [];
  for (let n = 0; n < 7200; n++) {
    const at = new Date(Date.UTC(2026, 2, 10, 6, 0, n));
    const clock = at.toISOString().slice(11, 19);
    const hasFailed = n % 100 === 50;
    access.push(
      `198.51.100.${(n % 200) + 1} - - [10/Mar/2026:${clock} +0000] "GET /page/${n % 7} HTTP/1.1" ${hasFailed ? status : 200} 1543 "-" "Mozilla/5.0"`,
    );
    if (hasFailed && says !== '')
      error.push(
        `2026/03/10 ${clock} [error] 812#812: *${n} ${says} while reading response header from upstream, client: 198.51.100.${(n % 200) + 1}, server: shop.example.com, request: "GET /page/${n % 7} HTTP/1.1", upstream: "http://127.0.0.1:3000/page/${n % 7}", host: "shop.example.com"`,
      );
  }
  return { access, error };
}

async function told(status: number, says: string) {
  const folder = mkdtempSync(join(tmpdir(), 'whose502-'));
  try {
    const { access, error } = logs(status, says);
    writeFileSync(join(folder, 'access.log'), `${access.join('\n')}\n`);
    if (error.length > 0) writeFileSync(join(folder, 'error.log'), `${error.join('\n')}\n`);
    return await analyze([folder]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const SENTENCE = '72 of 7,101 requests (1 %) were answered 502, spread from 2026-03-10 06:00:50 to 07:59:10 UTC';

it('a 502 now and then for hours is judged by what the web server says of it', async () => {
  const result = await told(502, 'upstream prematurely closed connection');
  expect(resultSchema.parse(result)).toEqual(result);
  expect(result.bursts).toEqual([]);
  expect(result.verdict).toMatchObject({ place: 'origin', cause: 'app-closed-early', burst: null });
  expect(result.verdict.summary).toContain(`No burst stands out, but ${SENTENCE}`);
  expect(result.background).toMatchObject([{ lasting: true, statuses: { 502: 72 }, requests: { failed: 72 } }]);
  expect(result.background?.[0]?.signals[0]).toMatchObject({ signal: 'nginx.premature-header', count: 72 });
});

it('is told in all reports', async () => {
  const result = await told(502, 'upstream prematurely closed connection');
  const texts = [
    renderTerminal(result, { columns: 100, color: false }).replace(/\s+/g, ' '),
    renderMarkdown(result),
    renderHtml(result),
  ];
  for (const text of texts) {
    expect(text).toContain('72 of 7,101 requests (1 %) were answered 502');
    expect(text).toContain('72 × The application closed the connection without any answer');
    expect(text).toContain('error.log:1');
  }
});

it('where the application answers 503 or fails by itself, nothing is wrong with any gateway, and it is mentioned', async () => {
  const limited = await told(503, '');
  expect(limited.verdict).toMatchObject({ place: 'none', title: 'Nothing stands out; single requests failed' });
  expect(limited.verdict.summary).toContain('72 of 7,101 requests (1 %) were answered 503');
  const failing = await told(500, '');
  expect(failing.verdict).toMatchObject({ place: 'none', title: 'Nothing stands out; single requests failed' });
  expect(failing.verdict.summary).toContain('72 of 7,101 requests (1 %) were answered 500');
  expect(failing.background).toMatchObject([{ lasting: false }]);
});
