import { describe, expect, it } from 'vitest';
import { nginxRow } from '../../../src/formats/proxy/nginx-classify.ts';
import { nginxError } from '../../../src/formats/proxy/nginx-error.ts';
import { NGINX_MESSAGES } from '../../../src/formats/proxy/nginx-messages.ts';
import { findPhase } from '../../../src/formats/proxy/nginx-phases.ts';
import { MESSAGE_SAMPLES } from './nginx-message-samples.ts';
import { read } from './reading.ts';

describe('the table of nginx messages', () => {
  it('has a sample for every row', () => {
    const sampled = new Set(MESSAGE_SAMPLES.map((sample) => sample.row));
    expect(NGINX_MESSAGES.map((row) => row.id).filter((id) => !sampled.has(id))).toEqual([]);
  });

  it('names every row once', () => {
    expect(new Set(NGINX_MESSAGES.map((row) => row.id)).size).toBe(NGINX_MESSAGES.length);
  });

  it.each(MESSAGE_SAMPLES)('$row takes "$message" ($phase)', ({ row, message, phase, level = 'error' }) => {
    const found = phase === undefined ? null : findPhase(` while ${phase}`, 0);
    expect(nginxRow({ message, phase: found?.phase ?? 'none', level })?.id).toBe(row);
  });

  it.each(MESSAGE_SAMPLES)(
    'reads the whole line of $row: "$message" ($phase)',
    ({ row, message, phase, level = 'error' }) => {
      const step = phase === undefined ? '' : ` while ${phase}`;
      const client = ', client: 172.70.1.2, server: example.com, request: "GET /p HTTP/1.1", host: "example.com"';
      const { records } = read(nginxError, `2026/11/20 08:10:14 [${level}] 7#7: *3 ${message}${step}${client}`);
      const expected = NGINX_MESSAGES.find((candidate) => candidate.id === row)?.signal;
      expect(records).toMatchObject([{ signal: expected, path: '/p', client: '172.70.1.2', level }]);
    },
  );
});
