/**
 * DuckDB on one log with two threads: node duckdb.mjs <log> <file> <module of @duckdb/node-api>.
 * Counts only; prints how many rows and how many failed requests it saw.
 */
import { statSync } from 'node:fs';
import process from 'node:process';
import { CLASSES, FIELDS } from './classes.mjs';

const [log, path, module] = process.argv.slice(2);
const { DuckDBInstance } = (await import(module)).default;
const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
const file = quoted(statSync(path).isDirectory() ? `${path}/*` : path);

function quoted(text) {
  return `'${text.replaceAll("'", "''")}'`;
}

async function rowsOf(sql) {
  return (await connection.runAndReadAll(sql)).getRows();
}

function sum(rows, column) {
  return rows.reduce((total, row) => total + Number(row[column]), 0);
}

/** Requests per minute by status and by colo, and the fields of each 5xx. */
async function logpush() {
  const kept = {
    RayID: 'VARCHAR',
    EdgeStartTimestamp: 'VARCHAR',
    ClientRequestHost: 'VARCHAR',
    ClientRequestURI: 'VARCHAR',
    OriginResponseStatus: 'SMALLINT',
    EdgeTimeToFirstByteMs: 'INTEGER',
    OriginResponseDurationMs: 'INTEGER',
    OriginTCPHandshakeDurationMs: 'INTEGER',
    OriginTLSHandshakeDurationMs: 'INTEGER',
  };
  const columns = { EdgeResponseStatus: 'SMALLINT', EdgeColoCode: 'VARCHAR', ...kept };
  const struct = Object.keys(kept).map((name) => `${name}: ${name}`);
  const types = Object.entries(columns).map(([name, type]) => `${name}: '${type}'`);
  await connection.run(`create temp table seen as
    select EdgeStartTimestamp[:16] as minute, EdgeResponseStatus as status, EdgeColoCode as colo,
      case when EdgeResponseStatus between 500 and 599 then {${struct}} end as failed
    from read_ndjson(${file}, columns = {${types}})`);
  const byStatus = await rowsOf('select minute, status, count(*) from seen group by all');
  await rowsOf('select minute, colo, count(*) from seen group by all');
  const failed = await rowsOf('select failed from seen where failed is not null');
  return { rows: sum(byStatus, 2), failed: failed.length };
}

/** Lines per minute and class, and three fields of every line. */
async function lines() {
  const cases = CLASSES[log].map(([text], i) => `when contains(line, ${quoted(text)}) then ${i}`).join(' ');
  const fields = FIELDS[log].map((pattern, i) => `regexp_extract(line, ${quoted(pattern)}, 1) as field${i}`).join(', ');
  await connection.run(`create temp table seen as
    select line[:16] as minute, case ${cases} else -1 end as class, ${fields}
    from read_csv(${file}, columns = {line: 'VARCHAR'}, delim = '\x01', quote = '', escape = '', header = false,
      auto_detect = false, strict_mode = false)`);
  const byClass = await rowsOf('select minute, class, count(*) from seen group by all');
  await rowsOf(`select ${FIELDS[log].map((_, i) => `sum(length(field${i}))`).join(', ')} from seen`);
  const failed = byClass.filter(([, index]) => CLASSES[log][index]?.[1] === true);
  return { rows: sum(byClass, 2), failed: sum(failed, 2) };
}

// Order of rows matters to nobody here, and keeping it would hold DuckDB back.
await connection.run('set preserve_insertion_order = false');
process.stdout.write(`${JSON.stringify(log === 'logpush' ? await logpush() : await lines())}\n`);
