import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';

describe('the address of the application in the texts', () => {
  it('is what the web server’s lines name, not the origin’s address of the edge’s rows', async () => {
    const result = await analyze(['fixtures/incidents/fpm-socket-missing/logs']);
    const [burst] = result.bursts;
    expect(burst?.verdict.summary).toContain('unix:/run/php/php8.2-fpm.sock');
    expect(JSON.stringify(burst?.fix)).toContain('ls -l /run/php/php8.2-fpm.sock');
  });
});
