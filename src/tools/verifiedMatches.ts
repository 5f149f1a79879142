/**
 * Whether matches really stand in files of the workspace. ripgrep opens files by their path: a folder that becomes a link
 * while it runs leads it out. So what is shown is read again through a handle whose place is known.
 */
import type { FileHandle } from 'node:fs/promises';
import { bytesOf, wholeFileBytes } from './fileText.ts';
import { lineText, type Match } from './ripgrep.ts';
import { openForReading } from './safeFiles.ts';
import { decodeText } from './textFile.ts';

/** Those that do not stand where they were found. */
export async function unverified(matches: readonly Match[], signal: AbortSignal): Promise<ReadonlySet<Match>> {
  const wrong = new Set<Match>();
  for (const [path, own] of Map.groupBy(matches, (match) => match.path)) {
    signal.throwIfAborted();
    const verified = await verifiedIn(path, own, signal).catch((): readonly Match[] => []);
    for (const match of own) if (!verified.includes(match)) wrong.add(match);
  }
  signal.throwIfAborted();
  return wrong;
}

async function verifiedIn(path: string, matches: readonly Match[], signal: AbortSignal): Promise<readonly Match[]> {
  const handle = await openForReading(path, path);
  try {
    const verified: Match[] = [];
    for (const match of matches) if (await stands(handle, match)) verified.push(match);
    if (verified.length === matches.length) return verified;
    // What ripgrep converted from UTF-16 has other offsets.
    const { size } = await handle.stat();
    if (size > wholeFileBytes) return verified;
    const { text, encoding } = decodeText(await bytesOf(handle, size, signal), path);
    return encoding.startsWith('utf-16') ? matches.filter((match) => text.includes(match.text)) : verified;
  } finally {
    await handle.close();
  }
}

async function stands(handle: FileHandle, { bytes, text, start }: Match): Promise<boolean> {
  const buffer = Buffer.alloc(bytes.length);
  const { bytesRead } = await handle.read(buffer, 0, bytes.length, bytes.offset);
  return bytesRead === bytes.length && lineText(buffer, start).text === text;
}
