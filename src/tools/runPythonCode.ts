/** Runs Python in the sandbox. */
import { z } from 'zod';
import { defineTool, sandboxLimit, type Tool, type ToolContext } from '../agent/tool.ts';
import { countOf, formatBytes, formatDuration } from '../shared/quantities.ts';
import { callPlace, report, section, unconfinedReason, wholeOutput } from './sandboxCall.ts';
import type { PythonResult, Shell } from './shell.ts';

const input = z.object({
  code_block: z.string().min(1).describe('The Python code. The value of a last expression is printed.'),
  sandbox_id: z
    .string()
    .nullish()
    .describe(
      'The id that create_sandbox gave: variables, imports and files live on in it. Without it the code runs alone.',
    ),
});

const earlierWords = 'Earlier output was written by threads or processes of earlier calls, before this one began.';
/** Pictures that an observation names one by one. */
const maxNamedPictures = 20;

/** The tool `run_python_code`. */
export function runPythonCodeTool(shell: Shell): Tool {
  return defineTool({
    server: 'tool-python',
    name: 'run_python_code',
    description:
      'Run Python 3 in the workspace folder, inside a sandbox. Calls with the same sandbox_id share variables, imports and files. Print what you want to see; figures of matplotlib are saved as files and shown to the person. Gives stdout, stderr, exit code and error.',
    input,
    effect: 'execute',
    limit: sandboxLimit,
    unconfined: () => unconfinedReason(shell),
    run: async ({ code_block: code, sandbox_id: sandboxId }, context) => {
      const place = callPlace(sandboxId ?? undefined, context);
      const result = await shell.runPython({ code, ...place }, context.signal);
      const { exitCode, timedOut, omittedBytes, kept, pictures } = result;
      const images = pictures.flatMap(({ bytes, path }) => (bytes ? [{ bytes, path, mimeType: 'image/png' }] : []));
      return {
        content: observation(result, context),
        outcome: timedOut ? 'failed' : 'ok',
        ...(exitCode !== null && { exitCode }),
        truncated: omittedBytes > 0,
        ...(kept && { output: kept }),
        ...(images.length > 0 && { images }),
      };
    },
  });
}

/** What matters first, since long output is cut at its end. */
function observation(result: PythonResult, context: ToolContext): string {
  const { exitCode, error, durationMs, stdout, stderr, sizes, earlier = '', omittedBytes, notes, pictures } = result;
  const code = `Exit code: ${exitCode ?? 'none (ended by the time limit)'}\nDuration: ${formatDuration(durationMs)}`;
  const streams = [
    section('Error', error ?? ''),
    section('stdout', stdout, sizes.stdout),
    section('stderr', stderr, sizes.stderr),
  ];
  const before = section('Earlier output', earlier);
  const why = before === '' ? '' : earlierWords;
  const all = [...pictureLines(pictures), ...streams, before];
  const silent = all.every((part) => part === '') ? 'No output.' : '';
  return report(code, why, ...notes, wholeOutput(result, omittedBytes, context), ...all, silent);
}

/** Where the pictures are; the person sees them beside the call. */
function pictureLines(pictures: PythonResult['pictures']): readonly string[] {
  const named = pictures.slice(0, maxNamedPictures).map(({ path, width, height, sizeBytes, bytes }) => {
    const line = `Picture: ${path} (${width} × ${height} pixels, ${formatBytes(sizeBytes)})`;
    return bytes ? line : `${line}. It is too large, or one too many, to be shown to the person.`;
  });
  const more = pictures.length - named.length;
  return more > 0 ? [...named, `${countOf(more, 'more picture')} beside them.`] : named;
}
