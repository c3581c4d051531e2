import type { Cause } from '../cause.ts';
import { backend, failedRequests, MISSING_APP_LOG, MISSING_NGINX_ERROR, VERIFY_ERROR_LOG_QUIET } from '../texts.ts';
import { ofWebServer, reloadWebServer, webServer } from '../web-servers.ts';

/** nginx resolved the name at its start; the container or host has moved since. */
export const appStaleAddress: Cause = {
  id: 'app-stale-address',
  title: 'The web server still uses an old address of the application',
  place: 'origin',
  hop: 'app',
  broader: ['app-down'],
  aliases: ['upstream-stale-ip'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'derived.address-changed', weight: 'decisive', why: 'nginx resolves a fixed name only when it starts' },
    { signal: 'nginx.connect-no-route', weight: 'medium', why: 'nobody has the old address any more' },
    { signal: 'nginx.timeout-connect', weight: 'weak', why: 'nobody answers at the old address' },
    { signal: 'nginx.connect-refused', weight: 'weak', why: 'another container may have the old address' },
    { signal: 'app.start', weight: 'weak', why: 'it came up, perhaps with a new address' },
    { signal: 'nginx.sig-reload', weight: 'weak', why: 'a reload resolves the name anew and ends the failures' },
    { signal: 'access.no-answer-502', weight: 'weak', why: 'no connection was made' },
  ],
  summary: (facts) =>
    `${webServer(facts)} kept dialling ${backend(facts)} although the application has another address now; ${failedRequests(facts)} failed.${webServer(facts) === 'nginx' ? ' nginx resolves the names in its configuration once, when it starts or reloads.' : ''}`,
  missing: [
    {
      what: 'the application’s address now',
      why: 'an address that differs from the one in the error lines proves it',
      command:
        'getent hosts app; docker inspect -f "{{.Name}} {{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}" $(docker ps -q)',
      unless: { signals: ['derived.address-changed'] },
    },
    MISSING_NGINX_ERROR,
    MISSING_APP_LOG,
  ],
  fix: [
    {
      text: 'Reload the web server: it resolves the names anew, and the failures end at once. (In a container: docker exec, then its own reload.)',
      command: reloadWebServer,
      risk: 'None where the check passes.',
    },
    {
      text: 'Have the web server follow the name from now on. Docker’s resolver is 127.0.0.11; on Kubernetes use the Service’s name, whose address is stable.',
      config: ofWebServer('followName'),
      computedFrom: (facts) => (facts.top('upstream') === null ? '' : 'the port in the error lines'),
      risk: (facts) =>
        webServer(facts) === 'nginx'
          ? 'With a variable nginx asks the resolver at run time: if it is down, requests fail with 502. Upstream groups need server … resolve (nginx 1.27.3 or newer).'
          : 'The resolver is asked at run time: if it is down, requests fail.',
    },
  ],
  avoid: [
    'Restarting the application again: it may get yet another address.',
    'Writing the present address into the configuration: it is stale after the next deployment.',
  ],
  verify: ['The access log shows the new address in $upstream_addr.', VERIFY_ERROR_LOG_QUIET],
  prevent: [
    'Reload the web server as the last step of a deployment.',
    'Names that the web server looks up again (nginx: resolver and a variable), or fixed addresses for containers.',
  ],
  difficulty: 'easy',
  sources: ['nginx: resolver, proxy_pass with variables, server … resolve', 'Docker: embedded DNS 127.0.0.11'],
};
