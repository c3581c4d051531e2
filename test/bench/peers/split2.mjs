/**
 * What one writes in Node without much thought: split2, and JSON.parse or regular expressions on each line.
 * node split2.mjs <log> <file>; prints how many rows and how many failed requests it saw.
 */
import { createReadStream } from 'node:fs';
import process from 'node:process';
import split2 from 'split2';
import { CLASSES, FIELDS } from './classes.mjs';

const [log, path] = process.argv.slice(2);
const seen = { rows: 0, failed: 0 };
const perMinute = new Map();

function count(key) {
  perMinute.set(key, (perMinute.get(key) ?? 0) + 1);
}

function logpush() {
  const kept = [];
  return (line) => {
    const row = JSON.parse(line);
    const minute = row.EdgeStartTimestamp.slice(0, 16);
    count(`${minute} ${row.EdgeResponseStatus}`);
    count(`${minute} ${row.EdgeColoCode}`);
    if (row.EdgeResponseStatus < 500) return;
    seen.failed++;
    kept.push([
      row.RayID,
      row.EdgeStartTimestamp,
      row.ClientRequestHost,
      row.ClientRequestURI,
      row.OriginResponseStatus,
    ]);
  };
}

function access() {
  const kept = [];
  const pattern = /^(\S+) \S+ \S+ \[([^\]]+)\] "([^"]*)" (\d{3}) (\d+) "([^"]*)" "([^"]*)"/;
  return (line) => {
    const fields = pattern.exec(line);
    if (fields === null) return;
    count(`${fields[2].slice(0, 17)} ${fields[4]}`);
    if (fields[4] < '500') return;
    seen.failed++;
    kept.push(fields.slice(1));
  };
}

function classes() {
  const patterns = CLASSES[log].map(([text]) => new RegExp(escaped(text)));
  const fields = FIELDS[log].map((pattern) => new RegExp(pattern));
  let chars = 0;
  return (line) => {
    const index = patterns.findIndex((pattern) => pattern.test(line));
    count(`${line.slice(0, 16)} ${index}`);
    if (CLASSES[log][index]?.[1] === true) seen.failed++;
    for (const field of fields) chars += field.exec(line)?.[1].length ?? 0;
    return chars;
  };
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

const read = { logpush, access, error: classes, cloudflared: classes }[log]();
createReadStream(path)
  .pipe(split2())
  .on('data', (line) => {
    seen.rows++;
    read(line);
  })
  .on('end', () => process.stdout.write(`${JSON.stringify(seen)}\n`));
