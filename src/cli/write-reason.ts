/** What keeps a folder or file from being written, in plain words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; make room there',
  EDQUOT: 'the quota of the disk is used up; make room there',
  EACCES: 'there is no permission to write there; name another folder',
  EPERM: 'there is no permission to write there; name another folder',
  EROFS: 'nothing can be written there, as the file system is read-only; name another folder',
  ENOENT: 'no folder can be made there; name another one',
  ENOTDIR: 'a part of this path is a file; name another folder',
  EEXIST: 'a part of this path is a file; name another folder',
};

/** Why something could not be written; the error's own words where they are not of the system. */
export function writeReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return REASONS[code] ?? error.message;
}
