/** How grave an entry is, in the words of all the libraries there are. */
export type AppLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal';

const LEVELS: Readonly<Record<string, AppLevel>> = {
  trace: 'debug',
  trce: 'debug',
  trac: 'debug',
  trc: 'debug',
  debug: 'debug',
  dbug: 'debug',
  debu: 'debug',
  dbg: 'debug',
  verbose: 'debug',
  vrb: 'debug',
  fine: 'debug',
  info: 'info',
  inf: 'info',
  information: 'info',
  notice: 'info',
  log: 'info',
  warn: 'warn',
  wrn: 'warn',
  warning: 'warn',
  error: 'error',
  erro: 'error',
  err: 'error',
  eror: 'error',
  severe: 'error',
  fail: 'error',
  alert: 'fatal',
  crit: 'fatal',
  critical: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  fatal: 'fatal',
  fata: 'fatal',
  ftl: 'fatal',
  panic: 'fatal',
  pani: 'fatal',
  pnc: 'fatal',
  dpanic: 'fatal',
};

/** Letters by which Go, Tornado and Passenger tell levels, and the signs of Next.js and Nuxt. */
const MARKS: Readonly<Record<string, AppLevel>> = {
  T: 'debug',
  D: 'debug',
  I: 'info',
  N: 'info',
  W: 'warn',
  E: 'error',
  C: 'fatal',
  F: 'fatal',
  '⨯': 'error',
  '⚠': 'warn',
  '✓': 'info',
  '▲': 'info',
  '○': 'info',
};

/** The level of a word, in small letters or capitals. */
export function levelOfWord(word: string | undefined): AppLevel | undefined {
  return word === undefined ? undefined : LEVELS[word.toLowerCase()];
}

/** The level of a letter or sign that stands for one. */
export function levelOfMark(mark: string | undefined): AppLevel | undefined {
  return mark === undefined ? undefined : MARKS[mark];
}
