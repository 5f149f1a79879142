/** Files in a zip, within limits: archives can be made to grow without end. */
import { fromBufferPromise, getFileNameLowLevel, type Entry, type ZipFile } from 'yauzl';
import { messageOf, ToolError } from '../../agent/errors.ts';
import { maxUnpackedBytes, type UnpackBudget } from './unpacking.ts';

/** From which size on a member that grows more than so many times is no document. */
const limits = { ratio: 200, ratioFrom: 20_000_000 };

/** A member, and how to get it: undefined where it is too large, locked or broken, with the reason told to `problem`. */
export interface ZipMember {
  readonly path: string;
  readonly sizeBytes: number;
  readonly read: () => Promise<Uint8Array | undefined>;
}

/** An open archive. */
export interface ZipArchive {
  readonly members: readonly ZipMember[];
  /** What could not be read so far, in sentences. */
  readonly problems: readonly string[];
}

/** Opens an archive, whose members are taken from the budget. Throws ToolError where it is broken. */
export async function openZip(bytes: Uint8Array, name: string, budget: UnpackBudget): Promise<ZipArchive> {
  const problems: string[] = [];
  const members: ZipMember[] = [];
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // Otherwise one name that leads out of the archive ends the list: here nothing is written, so names are names.
    const zip = await fromBufferPromise(buffer, { autoClose: false, decodeStrings: false });
    for await (const entry of zip.eachEntry()) {
      const path = pathOf(entry);
      if (path.endsWith('/')) continue;
      budget.entries -= 1;
      if (budget.entries < 0) {
        problems.push(`Only the first ${members.length} of its ${zip.entryCount} members were looked at.`);
        break;
      }
      const read = async () => {
        const problem = refusal(entry, budget.bytes);
        const content = problem ?? (await unpack(zip, entry, budget.bytes));
        if (typeof content !== 'string') {
          budget.bytes -= content.length;
          return content;
        }
        // It would have fitted into a whole budget: what is left is too little to go on.
        if (entry.uncompressedSize > budget.bytes && entry.uncompressedSize <= maxUnpackedBytes) budget.bytes = 0;
        problems.push(`${path} was not read: ${content}.`);
        return undefined;
      };
      members.push({ path, sizeBytes: entry.uncompressedSize, read });
    }
  } catch (error) {
    if (members.length === 0) throw new ToolError(`${name} is a broken zip archive: ${messageOf(error)}`);
    problems.push(`Its list of members is broken: ${messageOf(error)}`);
  }
  return { members, problems };
}

/** On one line. */
function pathOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false).replace(/\p{Cc}+/gu, ' ');
}

function refusal(entry: Entry, left: number): string | undefined {
  if (entry.isEncrypted()) return 'it is locked with a password';
  const { uncompressedSize: size, compressedSize: packed } = entry;
  if (size > left) return 'it is too large';
  if (size > limits.ratioFrom && size > packed * limits.ratio) return 'it grows suspiciously when unpacked';
  return undefined;
}

/** Its bytes, or what is wrong with it. Never more than it said of itself. */
async function unpack(zip: ZipFile, entry: Entry, most: number): Promise<Uint8Array | string> {
  try {
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of await zip.openReadStreamPromise(entry)) {
      if (!(part instanceof Uint8Array)) continue;
      size += part.length;
      if (size > most) return 'it is too large';
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (error) {
    return `it is broken (${messageOf(error)})`;
  }
}
