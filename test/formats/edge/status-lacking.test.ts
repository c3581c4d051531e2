import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { digestSource } from '../../../src/digest/read-source.ts';
import { FORMATS } from '../../../src/formats/registry.ts';
import { streamSource } from '../../../src/input/source.ts';

async function said(text: string): Promise<readonly string[]> {
  const source = streamSource(Readable.from([Buffer.from(text)]));
  const { skipped, warnings } = await digestSource(source, 0, FORMATS, { sha256: false });
  return [...(skipped === null ? [] : [skipped]), ...warnings];
}

const HEAD = 'ClientIP,EdgeStartTimestamp,RayID,ClientRequestHost';
const ROW = '192.0.2.1,2026-11-20T08:10:14Z,3a6050bcbe121a87,www.example.com';
const OBJECT =
  '{"ClientIP":"192.0.2.1","EdgeStartTimestamp":"2026-11-20T08:10:14Z","RayID":"3a6050bcbe121a87","ClientRequestHost":"www.example.com"}';
const HINT = /without EdgeResponseStatus.*output_options\.field_names.*\?fields=/;

describe('an export of requests without a status', () => {
  it.each([
    ['as CSV', `${HEAD}\n${ROW}\n`],
    ['as NDJSON', `${OBJECT}\n${OBJECT}\n`],
    [
      'with names of one’s own',
      '{"client-ip":"192.0.2.1","timestamp":1506702504433000200,"ray-id":"3a6050bcbe121a87"}\n',
    ],
  ])('is told which column it lacks and where to ask for it: %s', async (_form, text) => {
    const lines = await said(text);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(HINT);
  });

  it.each([
    ['with the status', `${HEAD},EdgeResponseStatus\n${ROW},502\n`],
    [
      'of security events',
      '{"Action":"block","ClientIP":"192.0.2.1","RayID":"3a6050bcbe121a87","Datetime":"2026-11-20T08:10:14Z"}\n',
    ],
    [
      'of something else',
      '{"rayId":"3a6050bcbe121a87","level":"error","message":"boom","time":"2026-11-20T08:10:14Z"}\n',
    ],
  ])('is not said of rows %s', async (_what, text) => {
    expect((await said(text)).filter((line) => HINT.test(line))).toEqual([]);
  });
});
