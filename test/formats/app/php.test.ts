import { describe, expect, it } from 'vitest';
import { classifyPhp } from '../../../src/formats/app/php-classify.ts';
import { phpError } from '../../../src/formats/app/php-error.ts';
import { phpFpm } from '../../../src/formats/app/php-fpm.ts';
import { phpFpmAccess } from '../../../src/formats/app/php-fpm-access.ts';
import { phpFpmSlow } from '../../../src/formats/app/php-fpm-slow.ts';
import { PHP_MESSAGES } from '../../../src/formats/app/php-messages.ts';
import { expectExamples, read } from './read-lines.ts';

describe('the table of PHP messages', () => {
  it.each(PHP_MESSAGES.map((row) => [row.id, row] as const))('takes the sample of %s by its own row', (_id, row) => {
    const first = PHP_MESSAGES.find((other) => other.from === row.from && other.pattern.test(row.sample));
    expect(first?.id).toBe(row.id);
  });

  it('has every id once', () => {
    expect(new Set(PHP_MESSAGES.map((row) => row.id)).size).toBe(PHP_MESSAGES.length);
  });
});

describe('the PHP formats', () => {
  it.each([phpFpm, phpFpmSlow, phpFpmAccess, phpError].map((format) => [format.id, format] as const))(
    '%s reads its examples',
    (_id, format) => expectExamples(format),
  );

  it('a row of the FPM table is found by the format with a stamp in front', () => {
    for (const row of PHP_MESSAGES.filter((message) => message.from === 'fpm' && message.id !== 'said')) {
      const { records } = read(phpFpm, `[20-Nov-2026 08:12:32] WARNING: ${row.sample}`);
      expect(records[0]).toMatchObject({ signal: row.signal });
    }
  });
});

describe('what a message of PHP means', () => {
  it.each([
    ['PHP message: PHP Fatal error:  Uncaught mysqli_sql_exception: Too many connections in /a.php:3', 'php.db-many'],
    ['PHP Fatal error:  Uncaught mysqli_sql_exception: Connection refused in /a.php:3', 'php.db-refused'],
    [
      'PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] php_network_getaddresses: getaddrinfo for db failed: Temporary failure in name resolution in /a.php:3',
      'php.db-dns',
    ],
    [
      'PHP Fatal error:  Uncaught PDOException: SQLSTATE[08006] [7] connection to server at "db" (192.0.2.4), port 5432 failed: FATAL:  sorry, too many clients already in /a.php:3',
      'php.db-many',
    ],
    [
      'PHP Fatal error:  Uncaught PDOException: SQLSTATE[08006] [7] connection to server at "db" (192.0.2.4), port 5432 failed: Connection refused in /a.php:3',
      'php.db-refused',
    ],
    ['PHP Fatal error:  Uncaught RedisException: Connection refused in /a.php:3', 'php.redis'],
    [
      'PHP Warning:  file_get_contents(): php_network_getaddresses: getaddrinfo for api.example.com failed in /a.php on line 3',
      'php.http-dep',
    ],
    ['Fatal error: Uncaught TypeError: x in /a.php:3', 'php.uncaught'],
    ['Uncaught PHP Exception RuntimeException: "x" at /a.php line 3', 'php.uncaught'],
    [
      'Uncaught PHP Exception Symfony\\Component\\HttpKernel\\Exception\\NotFoundHttpException: "No route found" at /a.php line 3',
      'php.custom',
    ],
    ['WordPress database error MySQL server has gone away for query SELECT 1 made by x', 'php.db-gone'],
    ['cart sync finished', 'php.custom'],
  ])('%s', (text, signal) => {
    expect(classifyPhp(text)?.signal).toBe(signal);
  });

  it('an empty message means nothing', () => {
    expect(classifyPhp('PHP message: ')).toBeNull();
  });

  it('names the outermost plugin where WordPress itself failed', () => {
    const meaning = classifyPhp(
      [
        'PHP Fatal error:  Uncaught Error: boom in /w/wp-includes/functions.php:9',
        '#0 /w/wp-content/plugins/inner/a.php(1): f()',
        '#1 /w/wp-content/plugins/outer/b.php(2): g()',
        '#2 /w/wp-content/themes/storefront/header.php(2): h()',
      ].join('\n'),
    );
    expect(meaning?.values).toMatchObject({ plugin: 'outer', pluginKind: 'plugin', lineNumber: 9 });
  });

  it('names the dependency of a call that failed', () => {
    const meaning = classifyPhp(
      'cURL error 28: Operation timed out after 30001 milliseconds for https://api.example.com/v1/x',
    );
    expect(meaning).toMatchObject({ signal: 'php.http-dep', values: { dependency: 'api.example.com' } });
  });
});
