import { describe, expect, test } from 'vitest';
import { renderPacket } from '../../src/report/packet.ts';
import { expectHarmlessMarkdown } from './harmless.ts';
import { hostile, RAW } from './hostile.ts';
import { MANY, SAMPLE, SAMPLES, UNKNOWN } from './sample-result.ts';

const ADDRESSEES = ['hosting', 'cloudflare', 'application'] as const;

describe.each(ADDRESSEES)('the packet for %s', (addressee) => {
  test.each(SAMPLES)('%s: fits a ticket, and nothing of the logs becomes markup', (_, result) => {
    for (const one of [result, hostile(result)]) {
      const text = renderPacket(one, addressee);
      expect(text.length).toBeLessThanOrEqual(60_000);
      expect(text).not.toMatch(RAW);
      // Indented by four, a line is code to Markdown.
      expectHarmlessMarkdown(text.replace(/^ {4}.*$/gm, ''));
      expect(text.endsWith('\n')).toBe(true);
    }
  });

  test('says so where there is no burst to speak of', () => {
    expect(renderPacket(UNKNOWN, addressee)).toContain('no times to look at');
  });

  test('names the other bursts, as many as are worth reading', () => {
    expect(renderPacket(MANY, addressee).match(/^- .* UTC: /gm)?.length).toBeLessThanOrEqual(11);
  });
});

test('Cloudflare gets times, zone, URLs, Ray IDs and data centres', () => {
  const text = renderPacket(SAMPLE, 'cloudflare');
  for (const part of ['For Cloudflare Support', 'Zone or host: ', 'URLs:\n    ', 'Data centres: ', 'UTC'])
    expect(text).toContain(part);
  const [request] = SAMPLE.requests;
  expect(text).toContain(`${request?.steps[0]?.at}  ${request?.ray}`);
});

test('what is not there is listed as missing', () => {
  const bare = structuredClone(SAMPLE);
  bare.sources = bare.sources.filter(({ hop }) => hop === 'edge').map((source) => ({ ...source, server: null }));
  for (const { scope } of bare.bursts) {
    scope.hosts.values = [];
    scope.paths.values = [];
    scope.colos.values = [];
  }
  expect(renderPacket(bare, 'cloudflare')).toMatch(/Still missing:[\s\S]*zone[\s\S]*URLs[\s\S]*data centres/);
  expect(renderPacket(bare, 'hosting')).toMatch(/Still missing:[\s\S]*name of the server[\s\S]*error log[\s\S]*kernel/);
  expect(renderPacket(bare, 'application')).toMatch(/Still missing:[\s\S]*own log[\s\S]*pages that failed/);
});
