import { NO_STAMP } from '../../vocabulary/records.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';

/*
 * What `df` prints of the moment, by space or by inodes (GNU coreutils src/df.c; a percentage is rounded up, and what is kept for
 * root alone does not count as available, so 100 % is a file system on which others cannot write).
 */

const LONGEST = 1000;
const HEAD =
  /^Filesystem {1,200}(?:Type {1,20})?(?:\d{0,4}[KMG]?i?B?-?blocks|Size|(Inodes)) {1,20}I?[Uu]sed {1,20}(?:Avail(?:able)?|IFree) {1,20}(?:I?Use%|Capacity) .{0,40}Mounted on$/;
const NUMBERS = String.raw`(?:[\d.,]{1,20}[KMGTPE]?i?B? {1,20}|- {1,20}){3}(\d{1,3})% {1,20}(?:\d{1,20} {1,20}\d{1,20} {1,20}\d{1,3}% {1,20})?(\/.{0,500})$`;
const ROW = new RegExp(String.raw`^(\S{1,255}) {1,200}(?:([a-z][\w.]{1,15}) {1,20})?${NUMBERS}`);
/** What follows on a line of its own where the device's name is too long for its column. */
const REST = new RegExp(`^ {1,200}${NUMBERS}`);
const DEVICE_ALONE = /^\/\S{10,255}$/;
/** A row that nobody heads: only names that stand for file systems. */
const FILE_SYSTEM = /^(?:\/dev\/\S|overlay$|tmpfs$|udev$|devtmpfs$|shm$|rootfs$)/;
/** Rows without a percentage. */
const EMPTY_ROW = /^\S{1,255} {1,200}(?:[\d.,]{1,20}[KMGTPE]?i?B? {1,20}|- {1,20}){3}- {1,20}\/.{0,500}$/;

/** Images that are always full, and places where no service writes, or nobody knows which one does. */
const ALWAYS_FULL = /^\/dev\/(?:loop|sr|cdrom)|^(?:squashfs|iso9660|udf|efivarfs)$/;
const OF_NO_SERVICE = /^\/(?:snap|boot|media|cdrom|mnt|sys|proc|Volumes|usr\/lib\/live)(?:\/|$)/;

class DiskUseParser implements LineParser {
  private readonly emit: Emit;
  private what: 'space' | 'inodes' | null = null;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const text = line.text.slice(0, LONGEST).trimEnd();
    const head = HEAD.exec(text);
    if (head !== null) {
      this.what = head[1] === undefined ? 'space' : 'inodes';
      return true;
    }
    const [, device = '', type = '', percent, mount = ''] = ROW.exec(text) ?? restOf(text);
    if (percent === undefined || !(this.what !== null || FILE_SYSTEM.test(device))) {
      const belongs = this.what !== null && (DEVICE_ALONE.test(text) || EMPTY_ROW.test(text));
      if (!belongs) this.what = null;
      return belongs;
    }
    const isWritten = !ALWAYS_FULL.test(device) && !ALWAYS_FULL.test(type) && !OF_NO_SERVICE.test(mount);
    if (Number(percent) >= 100 && isWritten) {
      this.emit({
        kind: 'clue',
        hop: 'host',
        signal: 'host.shown-disk-full',
        ...entryFields(line, NO_STAMP),
        subject: mount,
        values: { what: this.what ?? 'space' },
      });
    }
    return true;
  }

  end(): void {}
}

/** The same parts as of a whole row. */
function restOf(text: string): readonly (string | undefined)[] {
  const [whole, percent, mount] = REST.exec(text) ?? [];
  return [whole, '', '', percent, mount];
}

function score({ text, wrapper }: Line): number {
  if (wrapper !== null) return 0;
  const beginning = text.slice(0, LONGEST).trimEnd();
  if (HEAD.test(beginning)) return 0.95;
  const device = ROW.exec(beginning)?.[1];
  return device !== undefined && FILE_SYSTEM.test(device) ? 0.9 : 0;
}

const examples = (): readonly Example[] => [
  {
    shows: 'a root file system that is full; a snap always is',
    input: [
      'Filesystem      Size  Used Avail Use% Mounted on',
      'udev            1.9G     0  1.9G   0% /dev',
      'tmpfs           394M   49M  345M  13% /run',
      '/dev/sda1        50G   48G     0 100% /',
      '/dev/loop0       56M   56M     0 100% /snap/core18/2785',
    ].join('\n'),
    records: [
      { kind: 'clue', hop: 'host', signal: 'host.shown-disk-full', line: 4, subject: '/', values: { what: 'space' } },
    ],
  },
  {
    shows: 'inodes, and a device whose name is on a line of its own',
    input: [
      'Filesystem            Inodes   IUsed   IFree IUse% Mounted on',
      '/dev/mapper/VolGroup00-LogVol00',
      '                     3276800 3276800       0  100% /var',
      'tmpfs                 503000       2  502998    1% /dev/shm',
    ].join('\n'),
    records: [{ signal: 'host.shown-disk-full', line: 3, subject: '/var', values: { what: 'inodes' } }],
  },
];

/** How full file systems are. */
export const diskUse: LineFormat = {
  shape: 'lines',
  id: 'disk-use',
  title: 'Output of df',
  hop: 'host',
  foundAt: ['df -h; df -i'],
  limits: [
    'No time: it tells how full a file system was when that was printed.',
    'Only full ones make records; images, boot partitions and what is mounted under /mnt or /media do not count.',
  ],
  examples,
  score,
  open: (emit) => new DiskUseParser(emit),
};
