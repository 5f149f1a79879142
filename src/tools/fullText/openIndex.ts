/** The index that this machine can keep. */
import { memoryIndex } from './memoryIndex.ts';
import { IndexBroken, type PassageIndex } from './passageIndex.ts';
import { openSqliteIndex, removeSqliteIndex } from './sqliteIndex.ts';

/** Opens the kept index; a damaged one is made anew, and where none can be kept it is in memory. */
export async function openIndex(path: string): Promise<PassageIndex> {
  try {
    return await openSqliteIndex(path);
  } catch (error) {
    if (!(error instanceof IndexBroken)) return memoryIndex();
    await removeSqliteIndex(path);
    return openSqliteIndex(path).catch(memoryIndex);
  }
}
