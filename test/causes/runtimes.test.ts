import { describe, expect, it } from 'vitest';
import { appLog, appState, restartApp, startApp } from '../../src/causes/runtimes.ts';
import type { Facts } from '../../src/correlate/facts.ts';
import { factsOf } from './facts-of.ts';

/** Facts of logs of these formats, of which one tells how the application's service, container or pod ended. */
function endOf(name: string, ...formats: readonly string[]): Facts {
  const facts = factsOf({ signals: { 'unit.exited': { subjects: [name], values: { role: 'app' } } } });
  return { ...facts, formats: new Set(formats) };
}

describe('the application where it runs', () => {
  it('is a service of systemd unless something tells otherwise', () => {
    const facts = endOf('api.service', 'nginx-error', 'systemd');
    expect(appLog(facts)).toMatch(/^journalctl -u api --since /);
    expect(appState(facts)).toBe('systemctl --no-pager status api');
    expect(startApp(facts)).toBe('sudo systemctl start api');
    expect(restartApp(facts)).toBe('sudo systemctl restart api');
  });

  it('is a container where Docker speaks of containers', () => {
    const facts = endOf('shop-api-1', 'nginx-error', 'containers');
    expect(appLog(facts)).toMatch(/^docker logs -t --since \S+Z --until \S+Z shop-api-1$/);
    expect(appState(facts)).toMatch(/^docker ps -a/);
    expect(startApp(facts)).toBe('docker start shop-api-1');
    expect(restartApp(facts)).toBe('docker restart shop-api-1');
  });

  it('is a pod where it has the name of one, or the cluster lists it', () => {
    expect(appLog(endOf('web-7d9c5b6f4-x2x9q', 'containers'))).toContain('kubectl logs web-7d9c5b6f4-x2x9q ');
    expect(appState(endOf('web', 'kubernetes-list'))).toBe('kubectl get pods -o wide');
  });

  it('is a container or a pod where that is named before its lines', () => {
    const printed = (container: string): Facts =>
      factsOf({ signals: { 'app.error': { subjects: [container], values: { container } } } });
    expect(appLog(printed('web-1'))).toMatch(
      /^docker logs -t --since \S+ --until \S+ \$\(docker ps -aqf 'name=web-1\$'\)$/,
    );
    expect(restartApp(printed('web-1'))).toBe("docker restart $(docker ps -aqf 'name=web-1$')");
    expect(restartApp(printed('shop_web.1.x7yz@node-2'))).toBe('docker restart $(docker ps -aqf name=shop_web.1.x7yz)');
    expect(appLog(printed('pod/web-0/web'))).toContain('kubectl logs web-0 ');
    expect(appLog(printed('0|api'))).toBe('pm2 logs api --lines 300 --nostream');
    expect(restartApp(endOf('api', 'pm2-list'))).toBe('pm2 restart api');
    expect(appState(printed('web;reboot'))).toContain('systemctl ');
  });

  it('is a dyno behind Heroku’s router', () => {
    expect(appLog(endOf('web.1', 'heroku-router'))).toBe('heroku logs --num 1500 --app <app>');
  });

  it('is a machine behind Fly.io’s proxy', () => {
    expect(appLog(endOf('0a1b2c3d4e5f60', 'fly-proxy'))).toBe('fly logs --no-tail -a <app>');
  });

  it('is a pool of IIS on Windows', () => {
    expect(appLog(endOf('shop', 'iis'))).toContain('Get-WinEvent ');
    expect(restartApp(endOf('shop', 'windows-events'))).toContain('appcmd recycle apppool ');
  });

  it('has a stand-in where its name is not fit for a shell', () => {
    expect(startApp(endOf('api; rm -rf /', 'containers'))).toBe('docker start <container>');
  });
});
