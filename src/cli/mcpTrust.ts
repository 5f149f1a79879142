/** Which MCP servers the person trusts on the command line: a file in their data folder. */
import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { UserError, messageOf } from '../agent/errors.ts';
import type { McpTrust } from '../runs/mcpSurroundings.ts';
import { dataFolder, makeFolder } from '../store/folders.ts';

const recordsSchema = z.record(
  z.string(),
  z.object({ hash: z.string(), parts: z.record(z.string(), z.string()), trusted: z.boolean() }),
);
type Records = z.infer<typeof recordsSchema>;

/** Decisions as they are kept. A file that cannot be read trusts nothing, and is not written over. */
export function trustFile(env: NodeJS.ProcessEnv): Pick<McpTrust, 'records' | 'keep'> {
  const file = join(dataFolder(env), 'mirothinker', 'mcp-trust.json');
  const read = async (): Promise<Records> => {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}';
      throw error;
    });
    return recordsSchema.parse(JSON.parse(text));
  };
  return {
    records: () => read().catch(() => ({})),
    keep: async (key, record) => {
      try {
        const { [key]: _before, ...others } = await read();
        const next = `${file}.${randomBytes(4).toString('hex')}`;
        await makeFolder(dirname(file));
        await writeFile(next, JSON.stringify(record ? { ...others, [key]: record } : others, null, 2), { mode: 0o600 });
        await rename(next, file);
      } catch (error) {
        throw new UserError(
          `What is trusted cannot be kept in ${file}: ${messageOf(error)}. Mend or remove that file.`,
        );
      }
    },
  };
}
