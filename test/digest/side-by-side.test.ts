import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { openTrees } from '../input/trees.ts';

const tree = openTrees();

const row = (second: number): string =>
  JSON.stringify({
    EdgeStartTimestamp: `2026-03-04T10:00:${second}Z`,
    EdgeEndTimestamp: `2026-03-04T10:00:${second}Z`,
    EdgeResponseStatus: 502,
    OriginResponseStatus: 502,
    RayID: `713d477539b55c${second}`,
    ClientRequestHost: 'www.example.com',
  });
const TUNNEL =
  '{"level":"error","error":"Unable to reach the origin service.","cfRay":"713d477539b55c30-FRA","originService":"http://localhost:8080","time":"2026-03-04T10:00:30Z","message":"Request failed"}';
const CADDY =
  '{"level":"error","ts":1772618430.1,"logger":"http.log.error","msg":"dial tcp 127.0.0.1:3000: connect: connection refused","request":{"method":"GET","host":"www.example.com","uri":"/"},"status":502}';

const sourcesOf = async (files: Readonly<Record<string, string>>) =>
  (await analyze([tree(files)])).sources.map(({ path, format, records, notUnderstood }) => ({
    name: path.replace(/^.*\//, ''),
    format,
    records,
    notUnderstood: notUnderstood.count,
  }));

describe('small files of objects side by side', () => {
  const objects = [row(10), row(11), row(12)].join('\n');

  it.each([
    ['an object of the same export', [row(20), row(21), row(22)].join('\n')],
    ['a log of another program', [CADDY, CADDY].join('\n')],
    ['lines of other programs between rows', [row(20), TUNNEL, CADDY, row(22)].join('\n')],
    ['one line', CADDY],
    ['a row that is cut', `${row(20)}\n${row(21)}\n${row(22).slice(0, 60)}`],
  ])('are read each as it would be alone: %s', async (_, second) => {
    const alone = await sourcesOf({ 'b.log': second });
    const [, beside] = await sourcesOf({ 'a.log': objects, 'b.log': second });
    expect(beside).toEqual(alone[0]);
  });
});
