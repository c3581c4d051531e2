/**
 * What is measured, and what it is to come to. A work is a log (or a bare start) for which the whole process of
 * `whose502 --json` runs; `against` are the peers on the same file, with the largest ratio of wall times (whose502 / peer)
 * that meets the goal. `atMost: null` is shown for comparison only. Sizes are those of `--full`.
 */

const MB = 1e6;
const GB = 1e9;

export const WORKS = [
  {
    id: 'logpush',
    title: 'Logpush NDJSON, 2 % 5xx',
    data: { log: 'logpush', bytes: 1.5 * GB },
    against: [
      { peer: 'duckdb', atMost: 0.8 },
      { peer: 'node', atMost: 0.15 },
      { peer: 'ripgrep', atMost: null },
      { peer: 'wc', atMost: null },
    ],
    memoryMB: 150,
  },
  {
    id: 'logpush-gzip',
    title: 'Logpush NDJSON, 2 % 5xx, gzip',
    data: { log: 'logpush', bytes: 1.5 * GB, gzip: true },
    against: [
      { peer: 'duckdb', atMost: 0.85 },
      { peer: 'zcat', atMost: 0.5 },
    ],
    memoryMB: 180,
  },
  {
    id: 'logpush-half',
    title: 'Logpush NDJSON, half the rows 5xx',
    data: { log: 'logpush', bytes: 1.5 * GB, share: 0.5 },
    against: [{ peer: 'duckdb', atMost: 0.8 }],
  },
  {
    id: 'logpush-jq',
    title: 'Logpush NDJSON, 2 % 5xx',
    data: { log: 'logpush', bytes: 150 * MB },
    against: [{ peer: 'jq', atMost: 0.1 }],
  },
  {
    id: 'logpush-large',
    title: 'Logpush NDJSON, 2 % 5xx',
    data: { log: 'logpush', bytes: 4 * GB },
    against: [],
    memoryOver: { work: 'logpush', atMost: 1.1 },
  },
  {
    id: 'access',
    title: 'nginx access log',
    data: { log: 'access', bytes: GB },
    against: [
      { peer: 'mawk', atMost: 0.55 },
      { peer: 'node', atMost: 0.15 },
      { peer: 'wc', atMost: null },
    ],
  },
  {
    id: 'access-viewers',
    title: 'nginx access log',
    data: { log: 'access', bytes: 200 * MB },
    against: [
      { peer: 'lnav', atMost: 0.25 },
      { peer: 'goaccess', atMost: 0.06 },
    ],
  },
  {
    id: 'error',
    title: 'nginx error log',
    data: { log: 'error', bytes: 500 * MB },
    against: [
      { peer: 'duckdb', atMost: 0.45 },
      { peer: 'mawk', atMost: 0.45 },
      { peer: 'node', atMost: 0.15 },
      { peer: 'wc', atMost: null },
    ],
  },
  {
    id: 'cloudflared',
    title: 'cloudflared journal',
    data: { log: 'cloudflared', bytes: 300 * MB },
    against: [
      { peer: 'duckdb', atMost: 0.5 },
      { peer: 'node', atMost: 0.15 },
      { peer: 'wc', atMost: null },
    ],
  },
  {
    id: 'version',
    title: '`whose502 --version`',
    args: ['--version'],
    against: [{ peer: 'empty', atMost: 1.5 }],
    rounds: 15,
  },
  {
    id: 'small-access',
    title: 'nginx access log, end to end',
    data: { log: 'access', bytes: 50 * MB },
    against: [{ peer: 'empty', atMost: 3 }],
    rounds: 9,
  },
  {
    id: 'small-logpush',
    title: 'Logpush NDJSON, end to end',
    data: { log: 'logpush', bytes: 50 * MB },
    against: [{ peer: 'empty', atMost: 3 }],
    rounds: 9,
  },
  {
    id: 'logpush-objects',
    title: 'Logpush NDJSON in 3,000 gzip objects',
    data: { log: 'logpush', bytes: 50 * MB, objects: 3000 },
    against: [
      { peer: 'duckdb', atMost: null },
      { peer: 'zcat', atMost: null },
    ],
  },
];
