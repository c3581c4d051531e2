/**
 * The programs that whose502 is measured against: where each is found, how it does its work on a log, and what it says it
 * counted (`rows` of the log, `failed` lines or requests), so that answers can be compared.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { classesInAwk } from './peers/awk-classes.mjs';

const FOLDER = join(import.meta.dirname, 'peers');
const ROOT = join(import.meta.dirname, '../..');

const LNAV_QUERY =
  ";SELECT strftime('%H:%M', log_time) AS minute, sc_status, count(*) AS n FROM access_log GROUP BY minute, sc_status";
const GOACCESS_FORMAT = '%h %^[%d:%t %^] "%r" %s %b "%R" "%u" rt=%T %^';

const json = (text) => JSON.parse(text);
const rowsOnly = (text) => ({ rows: Number.parseInt(text, 10) });

export const PEERS = {
  duckdb: {
    title: 'DuckDB, 2 threads',
    find: (options) => duckdbModule(options.duckdb),
    version: (module) => json(readFileSync(join(dirname(module), '../package.json'), 'utf8')).version,
    command: ({ log, path, program }) => [process.execPath, join(FOLDER, 'duckdb.mjs'), log, path, program],
    read: json,
  },
  node: {
    title: 'Node: split2 and JSON.parse or regular expressions',
    find: () => process.execPath,
    command: ({ log, path }) => [process.execPath, join(FOLDER, 'split2.mjs'), log, path],
    read: json,
  },
  mawk: {
    title: 'mawk',
    find: () => inPath('mawk'),
    version: (program) => versionOf(program, ['-W', 'version']),
    command: ({ log, path, program }) =>
      log === 'access' ? [program, '-f', join(FOLDER, 'access.awk'), path] : [program, classesInAwk(log), path],
    read: json,
  },
  jq: {
    title: 'jq',
    find: () => inPath('jq'),
    version: (program) => versionOf(program, ['--version']),
    command: ({ path, program }) => [program, '-n', '-c', '-f', join(FOLDER, 'logpush.jq'), path],
    read: json,
  },
  lnav: {
    title: 'lnav without its screen',
    find: () => inPath('lnav'),
    version: (program) => versionOf(program, ['-V']),
    command: ({ path, program }) => [program, '-n', '-c', LNAV_QUERY, '-c', ':write-csv-to -', path],
    read: (text) => ({
      rows: text
        .split('\n')
        .slice(1)
        .reduce((sum, row) => sum + Number(row.split(',')[2] ?? 0), 0),
    }),
  },
  goaccess: {
    title: 'GoAccess, all its panels',
    find: () => inPath('goaccess'),
    version: (program) => versionOf(program, ['--version']),
    command: ({ path, program }) => [
      ...[program, path, '--no-global-config', `--log-format=${GOACCESS_FORMAT}`, '--date-format=%d/%b/%Y'],
      ...['--time-format=%T', '--no-progress', '-o', 'json'],
    ],
    read: (text) => ({ rows: json(text).general.total_requests }),
  },
  zcat: {
    title: 'zcat \\| wc -l',
    find: () => inPath('zcat'),
    command: ({ path }) => ['sh', '-c', 'find "$1" -type f -exec zcat {} + | wc -l', 'sh', path],
    read: rowsOnly,
  },
  ripgrep: {
    title: 'ripgrep, counts one text (a limit, not the same work)',
    find: () => inPath('rg'),
    version: (program) => versionOf(program, ['--version']),
    command: ({ path, program }) => [program, '-c', '"EdgeResponseStatus":5', path],
    read: (text) => ({ failed: Number.parseInt(text, 10) }),
  },
  wc: {
    title: 'wc -l (a limit, not the same work)',
    find: () => inPath('wc'),
    command: ({ path, program }) => [program, '-l', path],
    read: rowsOnly,
  },
  empty: {
    title: 'node on an empty file',
    find: () => process.execPath,
    command: ({ program }) => [program, join(FOLDER, 'empty.mjs')],
    read: () => ({}),
  },
};

/** The full path of a program, or null where it is not installed. */
export function inPath(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** DuckDB's module in the folder that the user named, else among this project's own packages; it is no dependency. */
function duckdbModule(folder) {
  try {
    return createRequire(join(folder ?? ROOT, 'package.json')).resolve('@duckdb/node-api');
  } catch {
    return null;
  }
}

/** The first number with a dot that a program prints about itself. */
function versionOf(program, args) {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 10_000 });
  return /\d+\.\d+(?:\.\d+)*/.exec(`${stdout}${stderr}`)?.[0] ?? '';
}
