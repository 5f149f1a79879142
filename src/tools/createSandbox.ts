/** Makes a sandbox that lives on between calls. */
import { z } from 'zod';
import { defineTool, sandboxLimit, type Tool } from '../agent/tool.ts';
import { formatDuration } from '../shared/quantities.ts';
import { report } from './sandboxCall.ts';
import type { LivingSandbox, Shell } from './shell.ts';

/** The tool `create_sandbox`. Its effect is to read: it makes an empty place of ours and starts nothing. */
export function createSandboxTool(shell: Shell): Tool {
  const limitS = Math.round(shell.timeLimitMs / 1000);
  const input = z.object({
    timeout: z
      .number()
      .default(limitS)
      .describe(
        `Seconds that one call in the sandbox may take, and that it may be idle before it ends; at most and by default ${limitS}.`,
      ),
  });
  return defineTool({
    server: 'tool-python',
    name: 'create_sandbox',
    description: `Make a sandbox and get its sandbox_id. Calls of run_command and run_python_code that give this id share its files in /home/user and /tmp and its Python variables. At most ${shell.maxSandboxes} live at a time.`,
    input,
    effect: 'read',
    limit: sandboxLimit,
    run: async ({ timeout }) => {
      const timeoutS = Math.min(Math.max(timeout, 1), limitS);
      const before = shell.living();
      const id = await shell.create(timeoutS * 1000);
      const after = shell.living().filter((sandbox) => sandbox.id !== id);
      const ended = before.filter((sandbox) => !after.some((other) => other.id === sandbox.id));
      return {
        content: report(
          `Sandbox created. sandbox_id: ${id}`,
          `A call in it may take ${timeoutS} s, and it ends when it was idle for as long. Commands and Python start in the workspace.`,
          ...(await shell.python()),
          ...(ended.length > 0 ? [endedWords(ended, after, shell.maxSandboxes)] : []),
        ),
      };
    },
  });
}

function endedWords(ended: readonly LivingSandbox[], others: readonly LivingSandbox[], most: number): string {
  const gone = ended.map(({ id, idleMs }) => `${id}, idle for ${formatDuration(idleMs)}`).join('; ');
  const there = others.map(({ id, busy, idleMs }) => `${id} (${busy ? 'busy' : `idle for ${formatDuration(idleMs)}`})`);
  return `At most ${most} sandboxes live at a time, so this one was ended, with its files and variables: ${gone}. Use those that are still there rather than make new ones: ${there.join(', ')}.`;
}
