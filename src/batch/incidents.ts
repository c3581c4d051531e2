import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { isArchiveName, isOtherArchiveName } from '../input/archive-kind.ts';
import { type GlobState, globAccepts, isGlob, startGlob, stepGlob } from '../input/glob.ts';
import { byText, uniqueLabels } from '../input/labels.ts';
import type { InputProblem } from '../input/source.ts';
import { isLog } from './is-log.ts';

/** What is analysed together and gets one report. */
export interface Incident {
  /** Folder or archive relative to what the user named, with `/` between the parts. Unique. */
  readonly name: string;
  /** What to read: a folder, an archive, or files that lie in one folder. Absolute. */
  readonly paths: readonly string[];
}

export interface FoundIncidents {
  /** In order of their names. */
  readonly incidents: readonly Incident[];
  /** What was named and gave no incident, and what was passed over on the way. */
  readonly problems: readonly InputProblem[];
}

/**
 * Names of folders that hold a part of an incident: a program, an export, a machine, a container by its ID, a pod by its
 * namespace, name and UID. A folder of these is one incident, where a folder of other folders is a collection of incidents.
 */
const PART =
  /^(?:sos_(?:commands|logs)|[0-9a-f]{64}|[a-z0-9.-]{1,250}_[a-z0-9.-]{1,250}_(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})|(?:var|tmp|home)|logs?|nginx|apache2?|httpd|caddy|haproxy|php[\d.-]*(?:-?fpm)?|php-fpm\S{0,20}|fpm|cloudflared?|tunnel|cdn|http_requests|firewall_events|workers_trace_events|journal|systemd|syslog|mysql|mariadb|postgres(?:ql)?|redis|pods|containers|(?:web|www|app|api|node|host|origin|server|srv|db|proxy|lb|edge|backend|frontend|worker|client|browser)[-_.]?\d{0,4})$/i;

/** What `kubectl cluster-info dump` writes beside the folders of namespaces, which belong together then. */
const CLUSTER_FILE = 'nodes.json';

const OTHER_ARCHIVE =
  'an archive of a kind that is not read (tar, tar.gz, tar.zst and zip are); unpack it, or pack it anew';

interface Candidate {
  readonly label: string;
  readonly path: string;
  readonly paths: readonly string[];
}

interface Finds {
  readonly candidates: Map<string, Candidate>;
  readonly problems: InputProblem[];
  readonly except: string | null;
}

/**
 * Finds the incidents in what the arguments name. An archive is one; a folder is one where it holds logs itself or the parts
 * of an incident (`nginx/`, `web1/`); a folder of other folders and archives is a collection, and each in it is looked at
 * alike. Logs that are named themselves are one incident for each folder they lie in. Links within folders are not followed, and
 * what lies in `except` (the folder of the reports) is no incident.
 */
export async function findIncidents(args: readonly string[], except: string | null = null): Promise<FoundIncidents> {
  const finds: Finds = { candidates: new Map(), problems: [], except };
  for (const arg of new Set(args)) await findArgument(arg, finds);
  const candidates = [...finds.candidates.values()].sort((a, b) => byText(a.label, b.label) || byText(a.path, b.path));
  const names = uniqueLabels(candidates.map(({ label, path }) => ({ label, fullPath: slashes(path) })));
  const incidents = candidates.map(({ label, paths }, i) => ({ name: names[i] ?? label, paths }));
  incidents.sort((a, b) => byText(a.name, b.name));
  finds.problems.sort((a, b) => byText(a.path, b.path) || byText(a.reason, b.reason));
  return { incidents, problems: finds.problems };
}

async function findArgument(arg: string, finds: Finds): Promise<void> {
  const problem = (reason: string): void => void finds.problems.push({ path: arg, reason, named: true });
  if (arg === '' || arg === '-')
    return problem('a batch reads folders and archives; analyse standard input with whose502 -');
  const path = resolve(arg);
  const before = finds.candidates.size + finds.problems.length;
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) await inFolder(path, basename(path), '', finds);
    else await named(path, finds);
  } catch {
    const glob = isGlob(arg) ? startGlob(slashes(arg)) : undefined;
    if (glob === undefined) return problem('there is no such folder or archive, or it may not be read; check the name');
    if (glob === null) return problem('this pattern has more than 1,000 alternatives; name the folder instead');
    await matching(resolve(glob.base), '', glob.state, finds);
  }
  if (finds.candidates.size + finds.problems.length === before)
    problem('no incident was found in it: no archive, and no folder that holds a log');
}

/** An archive, or a log that was named itself. */
async function named(path: string, finds: Finds): Promise<void> {
  if (isArchiveName(path)) add(path, basename(path), [path], finds);
  else if (isOtherArchiveName(path)) finds.problems.push({ path: basename(path), reason: OTHER_ARCHIVE, named: true });
  else if (await isLog(path)) {
    const folder = dirname(path);
    const known = finds.candidates.get(folder)?.paths ?? [];
    add(folder, basename(folder), [...known.filter((other) => other !== path), path].sort(byText), finds);
  }
}

function add(path: string, label: string, paths: readonly string[], finds: Finds): void {
  finds.candidates.set(path, { label, path, paths });
}

/** Takes what a pattern matches as if it had been named. */
async function matching(root: string, folder: string, glob: GlobState, finds: Finds): Promise<void> {
  // A folder that is not there, or may not be read, matches nothing.
  for (const entry of await entriesOf(join(root, folder)).catch(() => [])) {
    const state = stepGlob(glob, entry.name);
    if (state === null) continue;
    const label = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const path = join(root, label);
    if (!globAccepts(state)) {
      if (entry.isDirectory()) await matching(root, label, state, finds);
    } else if (entry.isDirectory()) await inFolder(path, entry.name, '', finds);
    else if (entry.isFile()) await named(path, finds);
  }
}

/** A folder: one incident, or a collection. `within` is what its members' names begin with. */
async function inFolder(path: string, label: string, within: string, finds: Finds): Promise<void> {
  if (path === finds.except) return;
  let entries: Dirent[];
  try {
    entries = await entriesOf(path);
  } catch {
    finds.problems.push({ path: label, reason: 'this folder cannot be read; check its permissions', named: true });
    return;
  }
  const files = entries.filter((entry) => entry.isFile() && !isArchiveName(entry.name));
  const folders = entries.filter((entry) => entry.isDirectory());
  const isWhole = folders.some(({ name }) => PART.test(name)) || files.some(({ name }) => name === CLUSTER_FILE);
  if (isWhole || (await holdsLog(path, files))) {
    add(path, label, [path], finds);
    return;
  }
  const inside = (name: string): string => (within === '' ? name : `${within}/${name}`);
  const archives = entries.filter((entry) => entry.isFile() && isArchiveName(entry.name));
  for (const { name } of files.filter((file) => isOtherArchiveName(file.name)))
    finds.problems.push({ path: inside(name), reason: OTHER_ARCHIVE, named: true });
  for (const { name } of archives) add(join(path, name), inside(name), [join(path, name)], finds);
  for (const { name } of folders) await inFolder(join(path, name), inside(name), inside(name), finds);
  for (const link of entries.filter((entry) => entry.isSymbolicLink()))
    finds.problems.push({
      path: inside(link.name),
      reason: 'a symbolic link, which is not followed inside a folder; name it on the command line to read it',
      named: false,
    });
  if (archives.length + folders.length === 0 && files.length > 0)
    finds.problems.push({ path: label, reason: 'passed over: no file in this folder is a log', named: false });
}

/** What is in a folder, in order, without what is hidden. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => byText(a.name, b.name));
}

/** Files of a folder that are looked into before it is taken for one without logs. */
const MOST_LOOKED_AT = 200;

async function holdsLog(folder: string, files: readonly Dirent[]): Promise<boolean> {
  for (const { name } of files.slice(0, MOST_LOOKED_AT)) if (await isLog(join(folder, name))) return true;
  return false;
}

function slashes(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}
