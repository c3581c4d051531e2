/** Levels as the Go library zerolog abbreviates them on a terminal: cloudflared and Traefik from 3 on. */
export const ZEROLOG_LEVELS: Readonly<Record<string, string>> = {
  TRC: 'trace',
  DBG: 'debug',
  INF: 'info',
  WRN: 'warn',
  ERR: 'error',
  FTL: 'fatal',
  PNC: 'panic',
};
