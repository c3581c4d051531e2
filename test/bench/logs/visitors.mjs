/** Hosts, paths, visitors and browsers of the made-up site; addresses are those reserved for documentation. */
import { openDice } from './dice.mjs';

const dice = openDice(20250610);

export const HOSTS = [
  'www.example.com',
  'shop.example.com',
  'api.example.com',
  'blog.example.org',
  'static.example.net',
];

const WORDS = 'catalogue basket invoice profile news gallery forum ticket booking search help press careers map'.split(
  ' ',
);

export const PATHS = Array.from({ length: 3000 }, (_, i) => {
  const parts = Array.from({ length: 1 + (i % 4) }, () => dice.pick(WORDS));
  return `/${parts.join('/')}/${dice.int(50_000)}`;
});

/** Paths as Logpush writes them where a visitor typed letters beyond ASCII. */
export const FOREIGN_PATHS = ['/größe/übersicht', '/données/été', '/製品/案内', '/цены/доставка', '/party/🎉'];

export const CLIENTS = Array.from({ length: 6000 }, (_, i) => {
  if (i % 3 === 0)
    return `2001:db8:${dice.int(65536).toString(16)}:${dice.int(65536).toString(16)}::${(1 + dice.int(65535)).toString(16)}`;
  return `${dice.pick(['192.0.2', '198.51.100', '203.0.113'])}.${1 + dice.int(254)}`;
});

const SYSTEMS = [
  'Windows NT 10.0; Win64; x64',
  'Macintosh; Intel Mac OS X 10_15_7',
  'X11; Linux x86_64',
  'Linux; Android 13; Pixel 7',
  'iPhone; CPU iPhone OS 17_4 like Mac OS X',
];

export const AGENTS = Array.from({ length: 300 }, (_, i) => {
  if (i % 25 === 0) return `curl/8.${i / 25}.1`;
  const version = `${110 + dice.int(25)}.0.${dice.int(7000)}.${dice.int(200)}`;
  return `Mozilla/5.0 (${dice.pick(SYSTEMS)}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version} Safari/537.36`;
});

export const COLOS = 'FRA AMS CDG LHR MAD MXP WAW ARN IAD EWR ORD DFW LAX SJC GRU NRT SIN HKG SYD JNB'.split(' ');
export const COUNTRIES = 'de nl fr gb es it pl se us br jp sg hk au za'.split(' ');
