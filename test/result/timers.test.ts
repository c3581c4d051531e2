import { describe, expect, it } from 'vitest';
import { timerName } from '../../src/result/build/timers.ts';
import type { SignalId } from '../../src/vocabulary/signals.ts';
import { factsOf, seen } from '../causes/facts-of.ts';

const named = (seconds: number, hop: 'edge' | 'proxy' | 'client', status: number, ...signals: SignalId[]): string =>
  timerName(seconds * 1000, hop, status, factsOf({ signals: seen(...signals) }));

describe('the timer that fired', () => {
  it.each([
    [100, 'edge', 524, /Cloudflare’s limit for an answer/],
    [120, 'client', 524, /Cloudflare’s limit for an answer/],
    [300, 'edge', 524, /Proxy Read Timeout, set to this value/],
    [19, 'edge', 522, /limit for connecting/],
    [90, 'edge', 522, /acknowledgement/],
    [60, 'edge', 504, /60 s is nginx’s default/],
    [45, 'proxy', 504, /look for this value at proxy_read_timeout/],
    [30, 'proxy', 500, /max_execution_time/],
    [30, 'edge', 502, /application server/],
    [45, 'proxy', 503, /a timer set to 45 s/],
  ] as const)('after %i s at the %s with %i, no error line at hand', (seconds, hop, status, says) => {
    expect(named(seconds, hop, status)).toMatch(says);
  });

  it.each([
    ['nginx.timeout-connect', 504, /connect_timeout/],
    ['nginx.timeout-header', 504, /read_timeout/],
    ['nginx.resolve-timeout', 502, /resolver_timeout/],
    ['gunicorn.worker-timeout', 502, /gunicorn/],
    ['fpm.exec-timeout', 502, /request_terminate_timeout/],
    ['cloudflared.inner-connect-timeout', 502, /connectTimeout/],
  ] as const)('is named by %s where that line is there', (signal, status, says) => {
    expect(named(30, 'edge', status, signal)).toMatch(says);
  });
});
