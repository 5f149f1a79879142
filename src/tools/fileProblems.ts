/** What the file system refuses, in words that tell the model what to do. */
import { z } from 'zod';
import { ToolError, messageOf } from '../agent/errors.ts';

const systemError = z.object({ code: z.string() });

/** The code of a system error (`ENOENT`); undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  const parsed = systemError.safeParse(error);
  return parsed.success ? parsed.data.code : undefined;
}

const advice: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist. Use list_files to see what there is.',
  ENOTDIR: 'leads through a file as if it were a folder. Use list_files to see what there is.',
  EISDIR: 'is a folder. Use list_files to see what is in it, and name a file.',
  ELOOP: 'is a link, which the file tools do not follow here. Name the file that it leads to.',
  EACCES: 'cannot be opened: permission denied. The person has to change its permissions; go on without it.',
  EPERM: 'cannot be changed: the operation is not permitted. The person has to change that; go on without it.',
  EROFS: 'cannot be written: the workspace is read-only. Give the result in the answer instead of a file.',
  ENOSPC: 'cannot be written: the disk is full. Nothing was changed. Give the result in the answer instead of a file.',
  EDQUOT: 'cannot be written: the disk quota is used up. Nothing was changed. Give the result in the answer instead.',
  EFBIG: 'cannot be written: the file would be too large. Nothing was changed.',
  ENAMETOOLONG: 'has a name that is too long for the file system. Choose a shorter one.',
  EXDEV: 'is on another disk. Copy it with a command and delete it then.',
  EBUSY: 'is in use: something is mounted there. Go on without changing it.',
  ENOTEMPTY: 'is not empty any more: something came into it meanwhile. Look again with list_files.',
  ENXIO: 'is a socket or a pipe that nobody serves, not a file with text in it.',
  EMFILE: 'cannot be opened now: too many files are open. Try again.',
  EIO: 'cannot be read: the disk reports an error. Go on without it.',
};

/** The ToolError for something that went wrong with a file; `shown` is its path as the model knows it. */
export function fileProblem(error: unknown, shown: string): ToolError {
  if (error instanceof ToolError) return error;
  const said = advice[errorCode(error) ?? ''];
  return new ToolError(said ? `${shown} ${said}` : `${shown} could not be used: ${messageOf(error)}`);
}
