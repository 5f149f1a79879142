/** Runs one shell command in the sandbox. */
import { z } from 'zod';
import { defineTool, sandboxLimit, type Tool } from '../agent/tool.ts';
import { formatDuration } from '../shared/quantities.ts';
import { callPlace, omission, report, section, unconfinedReason } from './sandboxCall.ts';
import type { CommandResult, Shell } from './shell.ts';

const input = z.object({
  command: z.string().min(1).describe('The command, as bash reads it.'),
  sandbox_id: z
    .string()
    .nullish()
    .describe('The id that create_sandbox gave. Without it the command gets a fresh sandbox.'),
});

/** The tool `run_command`. A command that fails is no failed call: its exit code says it. */
export function runCommandTool(shell: Shell): Tool {
  return defineTool({
    server: 'tool-python',
    name: 'run_command',
    description:
      'Run a bash command in the workspace folder, inside a sandbox: the workspace is writable, the system is readable, homes are hidden and there is usually no network. Programs left in the background end with the command. Gives its exit code, duration and output (stdout and stderr together).',
    input,
    effect: 'execute',
    limit: sandboxLimit,
    unconfined: () => unconfinedReason(shell),
    run: async ({ command, sandbox_id: sandboxId }, context) => {
      const place = callPlace(sandboxId ?? undefined, context);
      const result = await shell.runCommand({ command, ...place }, context.signal);
      const { exitCode, timedOut, omittedBytes } = result;
      return {
        content: observation(result),
        outcome: timedOut ? 'failed' : 'ok',
        ...(exitCode !== null && { exitCode }),
        truncated: omittedBytes > 0,
      };
    },
  });
}

/** What matters first, since long output is cut at its end. */
function observation(result: CommandResult): string {
  const { exitCode, timedOut, durationMs, output, omittedBytes, notes } = result;
  const end = timedOut
    ? `Timed out: the command was ended after ${formatDuration(durationMs)}.`
    : `Exit code: ${exitCode ?? 'none'}\nDuration: ${formatDuration(durationMs)}`;
  return report(end, ...notes, omission(omittedBytes), section('Output', output) || 'No output.');
}
