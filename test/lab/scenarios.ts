import type { Scenario } from './scenario.ts';
import { APACHE_SCENARIOS } from './scenarios/apache.ts';
import { BACKEND_SCENARIOS } from './scenarios/backend.ts';
import { HOST_SCENARIOS } from './scenarios/host.ts';
import { NGINX_SCENARIOS } from './scenarios/nginx.ts';
import { PHP_SCENARIOS } from './scenarios/php.ts';
import { PHP_FPM_SCENARIOS } from './scenarios/php-fpm.ts';
import { PROGRAM_SCENARIOS } from './scenarios/programs.ts';
import { PROTOCOL_SCENARIOS } from './scenarios/protocols.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...PHP_FPM_SCENARIOS,
  ...PHP_SCENARIOS,
  ...BACKEND_SCENARIOS,
  ...PROTOCOL_SCENARIOS,
  ...PROGRAM_SCENARIOS,
  ...NGINX_SCENARIOS,
  ...HOST_SCENARIOS,
  ...APACHE_SCENARIOS,
];
