import type { Scenario } from './scenario.ts';
import { BACKEND_SCENARIOS } from './scenarios/backend.ts';
import { NGINX_SCENARIOS } from './scenarios/nginx.ts';
import { PHP_SCENARIOS } from './scenarios/php.ts';
import { PHP_FPM_SCENARIOS } from './scenarios/php-fpm.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...PHP_FPM_SCENARIOS,
  ...PHP_SCENARIOS,
  ...BACKEND_SCENARIOS,
  ...NGINX_SCENARIOS,
];
