import { NO_STAMP } from '../../vocabulary/records.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser, Taken } from '../format.ts';

/*
 * A name that somebody looked up by hand, as `dig` (BIND 9 bin/dig/dighost.c, dig.c), `host` (host.c) and `nslookup` (nslookup.c)
 * print it. What a name resolves to tells nothing by itself: behind Cloudflare it is Cloudflare's address, elsewhere it may be any.
 */

const LONGEST = 1000;
const HEAD =
  /^(?:\$ (?:dig|host|nslookup)\b|; <<>> DiG |;; ->>HEADER<<- opcode: |Non-authoritative answer:$|Server:(?:\t{1,2}| {2})(?:UnKnown|[\da-fA-F.:]{3,45}|[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})$)/;
const ASKED = /^; <<>> DiG \S{1,80} <<>> (.{1,300})/;
/** `dig` and `nslookup` (or `host`) on a name that is not there, or whose name servers fail. */
const STATUS = /^;; ->>HEADER<<- opcode: QUERY, status: (NXDOMAIN|SERVFAIL),/;
const MISSING =
  /^(?:\*\* server can't find (\S{1,253}): (NXDOMAIN|SERVFAIL)|Host (\S{1,253}) not found: \d{1,2}\((NXDOMAIN|SERVFAIL)\))$/;
/** Records that say nothing of where a site is. */
const OF_NO_SITE = /(?:^|[\s.])_|\b(?:TXT|MX|NS|SOA|SRV|CAA|PTR|DS|DNSKEY|ANY)\b|(?:^| )-x |\.arpa\b/;
const BELONGS =
  /^(?:;|\S{1,253}\.[\t ]{1,40}(?:\d{1,10}[\t ]{1,20})?(?:IN|CH)[\t ]{1,20}[A-Z]{1,10}[\t ]|(?:Server|Address|Addresses|Name|Aliases):[\t ]|Address: {1,2}\S|\S{1,253} (?:has (?:IPv6 )?address|is an alias for|mail is handled by|canonical name =) |\*\* |[\t ]{2,20}[\da-fA-F.:]{3,45}$|Authoritative answers can be found from:|Using domain server:)/;

class LookupParser implements LineParser {
  private readonly emit: Emit;
  private isOpen = false;
  private asked = '';

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    if (line.wrapper !== null) return this.leave();
    const text = line.text.slice(0, LONGEST).trimEnd();
    if (text === '') return this.isOpen;
    const missing = MISSING.exec(text);
    const status = STATUS.exec(text);
    this.asked = ASKED.exec(text)?.[1] ?? this.asked;
    this.isOpen ||= missing !== null || HEAD.test(text);
    if (missing !== null) this.say(line, missing[1] ?? missing[3] ?? '', missing[2] ?? missing[4] ?? '');
    if (status !== null) this.say(line, this.asked, status[1] ?? '');
    return this.isOpen && (missing !== null || HEAD.test(text) || BELONGS.test(text) || this.leave());
  }

  end(): void {}

  private leave(): Taken {
    this.isOpen = false;
    this.asked = '';
    return false;
  }

  private say(line: Line, asked: string, reason: string): void {
    if (OF_NO_SITE.test(asked)) return;
    this.emit({
      kind: 'clue',
      hop: 'edge',
      signal: 'host.shown-name-missing',
      ...entryFields(line, NO_STAMP),
      values: { reason },
    });
  }
}

/** What a look-up of a name printed. */
export const dnsLookup: LineFormat = {
  id: 'dns-lookup',
  title: 'Output of dig, host or nslookup',
  hop: 'client',
  shape: 'lines',
  foundAt: ['dig www.example.com', 'host www.example.com', 'nslookup www.example.com'],
  limits: [
    'It tells what one name server said, perhaps from its cache, and no time that counts.',
    'A name behind Cloudflare resolves to Cloudflare’s addresses: the origin’s are not seen from outside.',
  ],
  examples: () => [
    {
      shows: 'dig: there is no such name',
      input: [
        '; <<>> DiG 9.18.18 <<>> origin.example.net',
        ';; global options: +cmd',
        ';; Got answer:',
        ';; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 12345',
        ';; flags: qr rd ra; QUERY: 1, ANSWER: 0, AUTHORITY: 1, ADDITIONAL: 1',
        '',
        ';; QUESTION SECTION:',
        ';origin.example.net.\t\tIN\tA',
      ].join('\n'),
      records: [
        {
          kind: 'clue',
          hop: 'edge',
          signal: 'host.shown-name-missing',
          stamp: NO_STAMP,
          line: 4,
          values: { reason: 'NXDOMAIN' },
        },
      ],
    },
    {
      shows: 'nslookup: the name servers fail',
      input: "Server:\t\t127.0.0.53\nAddress:\t127.0.0.53#53\n\n** server can't find origin.example.net: SERVFAIL",
      records: [{ signal: 'host.shown-name-missing', values: { reason: 'SERVFAIL' } }],
    },
    {
      shows: 'a name that resolves, and a record that is not there',
      input: [
        '; <<>> DiG 9.18.18 <<>> www.example.com',
        ';; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 41364',
        'www.example.com.\t300\tIN\tA\t203.0.113.4',
        '; <<>> DiG 9.18.18 <<>> TXT _acme-challenge.www.example.com',
        ';; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 41365',
      ].join('\n'),
      records: [],
    },
  ],
  score: ({ text, wrapper }) => {
    const part = text.slice(0, LONGEST).trimEnd();
    return wrapper === null && (HEAD.test(part) || MISSING.test(part)) ? 0.9 : 0;
  },
  open: (emit) => new LookupParser(emit),
};
