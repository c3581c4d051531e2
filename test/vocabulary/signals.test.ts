import { describe, expect, it } from 'vitest';
import { isCloudflareAddress } from '../../src/vocabulary/cloudflare-ranges.ts';
import { FAILURE_KINDS, failureKind } from '../../src/vocabulary/hops.ts';
import { isSignalId, SIGNALS } from '../../src/vocabulary/signals.ts';

const all = Object.entries(SIGNALS);

describe('the vocabulary of signals', () => {
  it.each(all)('%s says one sentence that a report can print', (_, { says }) => {
    expect(says).toMatch(/^[A-Z0-9“[(-].*[.]$|^[a-z][\w().-]*[ ’,].*[.]$/);
    expect(says).not.toMatch(/\s{2}|\.\.$/);
  });

  it('says who made a status only of lines that stand for failed requests', () => {
    for (const [id, { status, role }] of all)
      if (status !== undefined) expect.soft(['request', 'noise', 'process'], id).toContain(role);
  });

  it('gives a failed request’s line a status that is a failure', () => {
    for (const [id, { status, role }] of all)
      if (role === 'request' && status !== undefined) expect.soft(status, id).toBeGreaterThanOrEqual(400);
  });

  it('is known by its names alone', () => {
    for (const [id] of all) expect(isSignalId(id)).toBe(true);
    for (const text of ['', 'toString', '__proto__', 'nginx.nothing']) expect(isSignalId(text)).toBe(false);
  });
});

describe('kinds of failure', () => {
  it.each([
    ['gateway', [502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 530]],
    ['application', [500, 501, 505, 508, 599]],
    ['blocked', [403, 429]],
    [null, [0, 101, 200, 301, 400, 401, 404, 499, 600]],
  ] as const)('%s: %j', (kind, statuses) => {
    for (const status of statuses) expect(failureKind(status)).toBe(kind);
  });

  it('are all that any status can be', () => {
    for (let status = 0; status < 1000; status++) expect([...FAILURE_KINDS, null]).toContain(failureKind(status));
  });
});

it('an address is Cloudflare’s only within its published ranges', () => {
  for (const ip of ['172.64.0.1', '104.16.0.0', '::ffff:172.64.0.1', '[2606:4700::1]'])
    expect(isCloudflareAddress(ip)).toBe(true);
  for (const ip of ['192.0.2.1', '104.32.0.0', '2001:db8::1', '999.1.1.1', '', 'www.example.com'])
    expect(isCloudflareAddress(ip)).toBe(false);
});
