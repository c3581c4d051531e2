/*
 * `CRON[812]: (root) CMD (systemctl restart php8.2-fpm)`: what cron started (cron 3.0pl1, do_command.c). Nearly all jobs are
 * daily life; those that stop, restart or reload a service date a change.
 */

const JOB = /^\(([\w.@-]{1,64})\) CMD \((.{1,1500})\)$/;
const SERVICE =
  /(?:\bsystemctl (?:--?[\w=-]{1,40} ){0,4}(?:try-)?(?:restart|reload|stop|start|kill|reload-or-restart)|\b(?:service|invoke-rc\.d) [\w@.-]{1,80} (?:restart|(?:force-)?reload|stop|start|graceful)|\/etc\/(?:rc\.d\/)?init\.d\/[\w.-]{1,80} (?:restart|(?:force-)?reload|stop|start)|\bapache(?:2ctl|ctl) (?:-k )?(?:graceful|restart|stop|start)|\bnginx -s (?:reload|quit|stop|reopen)|\b(?:supervisorctl|pm2) (?:restart|reload|stop|start)|\bdocker(?:-compose| compose)? (?:restart|stop|kill|down|up)|\bcloudflared (?:update|service)|\b(?:reboot|shutdown -[rh])\b)/;

/** The command of a cron job that stops, restarts or reloads a service; null for any other line of cron. */
export function serviceJobOf(text: string): { readonly user: string; readonly action: string } | null {
  const job = JOB.exec(text.slice(0, 2000));
  const action = job?.[2] === undefined ? undefined : SERVICE.exec(job[2])?.[0];
  return job?.[1] === undefined || action === undefined ? null : { user: job[1], action };
}
