/** Runs one shell command in the sandbox. */
import { z } from 'zod';
import { defineTool, sandboxLimit, type Tool, type ToolContext } from '../agent/tool.ts';
import { formatDuration } from '../shared/quantities.ts';
import { callPlace, report, section, unconfinedReason, wholeOutput } from './sandboxCall.ts';
import type { CommandResult, Shell } from './shell.ts';

/** The tool `run_command`. A command that fails is no failed call: its exit code says it. */
export function runCommandTool(shell: Shell): Tool {
  const limitS = Math.round(shell.timeLimitMs / 1000);
  const input = z.object({
    command: z.string().min(1).describe('The command, as bash reads it.'),
    sandbox_id: z
      .string()
      .nullish()
      .describe('The id that create_sandbox gave. Without it the command gets a fresh sandbox.'),
    timeout: z
      .number()
      .positive()
      .nullish()
      .describe(`Seconds that it may take; at most ${limitS}, or what its sandbox was made for.`),
  });
  return defineTool({
    server: 'tool-python',
    name: 'run_command',
    description:
      'Run a bash command in the workspace folder, inside a sandbox: the workspace is writable, the system is readable, homes are hidden and there is usually no network. Programs left in the background end with the command. Let it ask nothing: give it flags (-y) or its input. Gives its exit code, duration and output (stdout and stderr together).',
    input,
    effect: 'execute',
    limit: sandboxLimit,
    unconfined: () => unconfinedReason(shell),
    run: async ({ command, sandbox_id: sandboxId, timeout }, context) => {
      const place = callPlace(sandboxId ?? undefined, context);
      const wantedMs = typeof timeout === 'number' ? timeout * 1000 : undefined;
      const request = { command, ...place, ...(wantedMs !== undefined && { timeoutMs: wantedMs }) };
      const result = await shell.runCommand(request, context.signal);
      const { exitCode, timedOut, unanswered, omittedBytes, kept } = result;
      return {
        content: observation(result, wantedMs, context),
        outcome: timedOut || unanswered ? 'failed' : 'ok',
        ...(exitCode !== null && { exitCode }),
        ...(kept && { output: kept }),
        truncated: omittedBytes > 0,
      };
    },
  });
}

const unasked =
  'Run it so that it asks nothing: with a flag for that (--yes, -y, --batch), or with its input in a here-document or a pipe (yes | …).';

/** What matters first, since long output is cut at its end. */
function observation(result: CommandResult, wantedMs: number | undefined, context: ToolContext): string {
  const { output, omittedBytes, notes, timeoutMs, outputLines: lines, outputBytes: bytes } = result;
  const lowered = wantedMs !== undefined && timeoutMs < wantedMs;
  return report(
    end(result),
    lowered ? `Its time limit was lowered to ${formatDuration(timeoutMs)}, the most that it may have.` : '',
    ...notes,
    wholeOutput(result, omittedBytes, context),
    section('Output', output, { lines, bytes }) || 'No output.',
  );
}

function end({ timedOut, unanswered, mayHaveWaited = false, exitCode, durationMs, output }: CommandResult): string {
  const took = formatDuration(durationMs);
  if (unanswered) {
    return `Waited for input: nobody typed, so the command was ended after ${took}.${lastLine(output)}\n${unasked}`;
  }
  if (timedOut && mayHaveWaited) {
    return `Timed out: the command was ended after ${took}. It may have been waiting for input.${lastLine(output)}\n${unasked}`;
  }
  if (timedOut) return `Timed out: the command was ended after ${took}.`;
  return `Exit code: ${exitCode ?? 'none'}\nDuration: ${took}`;
}

function lastLine(output: string): string {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  return line === '' ? '' : ` Its last line: ${line.slice(-200)}`;
}
