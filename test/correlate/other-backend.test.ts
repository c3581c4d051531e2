import { expect, it } from 'vitest';
import { diagnose } from '../../src/causes/diagnose.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import { factsIn, type LogSketch } from './logs-of.ts';
import { lines, requests, throughout } from './scenes-of.ts';

const timeouts = (scheme: string): LogSketch[] => [
  requests('proxy', { bad: { status: 504, signal: 'access.timeout-504', durationMs: 60_000 } }),
  lines('proxy', throughout('nginx.timeout-header', { upstream: '127.0.0.1:3000', values: { scheme } })),
];

it('an HTTP application that answers nobody is no full PHP-FPM pool', () => {
  const facts = factsIn(timeouts('http'));
  expect(facts.signals.has('derived.other-backend')).toBe(true);
  expect(facts.signals.has('derived.pool-exhausted')).toBe(false);
  expect(diagnose(facts, CAUSES).cause?.id).toBe('app-timeout');
});

it('a FastCGI application that answers nobody may be one', () => {
  const facts = factsIn(timeouts('fastcgi'));
  expect(facts.signals.has('derived.other-backend')).toBe(false);
  expect(diagnose(facts, CAUSES).cause?.id).toBe('php-fpm-max-children');
});
