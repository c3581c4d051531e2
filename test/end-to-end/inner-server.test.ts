import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { analyze } from '../../src/index.ts';

/** Nginx before Apache before PHP-FPM, each in a network namespace: for nine seconds each PHP page ended its worker with a segmentation fault. */
const logs = fileURLToPath(new URL('../../fixtures/nginx-before-apache', import.meta.url));
/** Rows of Cloudflare's export with 503, which Apache gave and nginx passed on. */
const FAILED = 93;

it.each([
  ['all logs', [logs]],
  ['the two access logs alone', [`${logs}/proxy/nginx/access.log`, `${logs}/web/apache2/access.log`]],
  ['the logs of the second server alone', [`${logs}/web`]],
])('%s: each request is counted once', async (_, paths) => {
  const { bursts } = await analyze(paths);
  expect(bursts.map(({ requests, statuses }) => [requests.failed, statuses])).toEqual([[FAILED, { 503: FAILED }]]);
});

it('the cause behind the second server is named', async () => {
  const { verdict } = await analyze([logs]);
  expect([verdict.place, verdict.cause]).toEqual(['origin', 'php-fpm-crash']);
});
