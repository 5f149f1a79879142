/** Makes a sandbox that lives on between calls. */
import { z } from 'zod';
import { defineTool, sandboxLimit, type Tool } from '../agent/tool.ts';
import type { Shell } from './shell.ts';

const maxTimeoutS = 600;
const input = z.object({
  timeout: z
    .number()
    .default(maxTimeoutS)
    .describe(`Seconds that one call in the sandbox may take; at most and by default ${maxTimeoutS}.`),
});

/** The tool `create_sandbox`. Its effect is to read: it makes an empty place of ours and starts nothing. */
export function createSandboxTool(shell: Shell): Tool {
  return defineTool({
    server: 'tool-python',
    name: 'create_sandbox',
    description:
      'Make a sandbox and get its sandbox_id. Calls of run_command and run_python_code that give this id share its files in /home/user and /tmp and its Python variables.',
    input,
    effect: 'read',
    limit: sandboxLimit,
    run: async ({ timeout }) => {
      const timeoutS = Math.min(Math.max(timeout, 1), maxTimeoutS);
      const id = await shell.create(timeoutS * 1000);
      return {
        content: `Sandbox created. sandbox_id: ${id}\nA call in it may take ${timeoutS} s. Commands and Python start in the workspace.`,
      };
    },
  });
}
