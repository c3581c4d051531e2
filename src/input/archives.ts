import type { Opened } from './archive.ts';
import { type ArchiveKind, archiveKind } from './archive-kind.ts';
import { byText } from './labels.ts';
import type { InputProblem, SourceFile } from './source.ts';
import { tarMembers } from './tar.ts';
import { zipMembers } from './zip.ts';

/** Archives within archives are opened this deep: a bundle of the day's bundles of machines. */
const MOST_DEPTH = 3;

const MEMBERS: Readonly<Record<ArchiveKind, (archive: SourceFile) => Promise<Opened>>> = {
  tar: tarMembers,
  zip: zipMembers,
};

const UNPACK: Readonly<Record<ArchiveKind, string>> = {
  tar: 'unpack it (tar -xf) and name the folder',
  zip: 'unpack it (unzip or 7z x) and name the folder',
};

/**
 * Replaces tar and zip archives among the sources by their members, and archives among these by theirs, without unpacking
 * anything to disk. Links, folders and files of the desktop are left out; names are labels only. An archive that cannot be
 * read is a problem, not an error; of one that is damaged what lies before the damage is read.
 */
export async function openArchives(
  sources: readonly SourceFile[],
  depth = 1,
): Promise<{ readonly sources: readonly SourceFile[]; readonly problems: readonly InputProblem[] }> {
  const found: SourceFile[] = [];
  const problems: InputProblem[] = [];
  for (const one of sources) {
    const { kind, source } = await archiveKind(one);
    if (kind === null) {
      found.push(source);
      continue;
    }
    const problem = (reason: string): void => void problems.push({ path: source.label, reason, named: source.named });
    try {
      if (depth > MOST_DEPTH) throw new Error(`it lies in more than ${MOST_DEPTH - 1} others`);
      const { members, problem: ending, left = [] } = await MEMBERS[kind](source);
      if (members.length === 0 && ending !== null) throw new Error(ending);
      if (ending !== null) problem(`only the first ${members.length} files of this archive are read (${ending})`);
      else if (members.length + left.length === 0) problem('there is no file in this archive');
      for (const what of left) problem(`${what}; ${UNPACK[kind]}`);
      const within = await openArchives(members, depth + 1);
      for (const member of within.sources) found.push(member);
      for (const one of within.problems) problems.push(one);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problem(`the archive cannot be read (${reason}); ${UNPACK[kind]}`);
    }
  }
  found.sort((a, b) => byText(a.label, b.label));
  return { sources: found, problems };
}
