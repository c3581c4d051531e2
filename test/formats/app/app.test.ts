import { describe, expect, it } from 'vitest';
import { app } from '../../../src/formats/app/app.ts';
import { APP_MESSAGES, appMeaning } from '../../../src/formats/app/app-messages.ts';
import { GUNICORN_MESSAGES, gunicorn } from '../../../src/formats/app/gunicorn.ts';
import { phpFpm } from '../../../src/formats/app/php-fpm.ts';
import { uwsgi } from '../../../src/formats/app/uwsgi.ts';
import { UWSGI_MESSAGES } from '../../../src/formats/app/uwsgi-messages.ts';
import { expectExamples, unwrapped } from './read-lines.ts';

describe('application servers', () => {
  it.each([gunicorn, uwsgi, app].map((format) => [format.id, format] as const))(
    '%s reads its examples',
    (_id, format) => expectExamples(format),
  );

  it('each message of an application is taken by its own row', () => {
    for (const row of APP_MESSAGES) {
      expect(APP_MESSAGES.find((other) => other.pattern.test(row.sample))?.signal, row.sample).toBe(row.signal);
    }
  });

  it('each message of gunicorn is taken by its own row', () => {
    for (const row of GUNICORN_MESSAGES) {
      expect(GUNICORN_MESSAGES.find((other) => other.pattern.test(row.sample))?.signal, row.sample).toBe(row.signal);
    }
  });

  it('each message of uWSGI is taken by its own row', () => {
    for (const row of UWSGI_MESSAGES) {
      expect(UWSGI_MESSAGES.find((other) => other.pattern.test(row.sample))?.signal, row.sample).toBe(row.signal);
    }
  });

  it.each([
    ['app.error', 'Error: read ECONNRESET\n    at TCP.onStreamRead (node:internal/stream_base_commons:217:20)'],
    ['app.error', 'ERROR Error: read ECONNRESET'],
    ['app.crash', "node:events:491\n      throw er; // Unhandled 'error' event\n      ^\n\nError: read ECONNRESET\n"],
    ['app.chatter', "Error: aborted\n    at connResetException (node:internal/errors:720:14) {\n  code: 'ECONNRESET'"],
    ['app.http-dependency', 'TypeError: fetch failed\n  [cause]: Error: read ECONNRESET'],
    ['app.http-dependency', 'AxiosError: read ECONNRESET'],
    ['app.db-error', 'Error: connect ECONNRESET 192.0.2.4:5432'],
  ])('%s: a socket that was reset, %s', (signal, text) => {
    expect(appMeaning(text)?.signal).toBe(signal);
  });

  it('a specific format is surer of its lines than the general one', () => {
    for (const format of [gunicorn, uwsgi, phpFpm]) {
      for (const example of format.examples()) {
        const first = unwrapped(example.input)[0];
        if (first) expect(format.score(first), example.input).toBeGreaterThan(app.score(first));
      }
    }
  });
});
