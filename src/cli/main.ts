/** The command line's commands, joined to the same parts that the editor uses. */
import { UserError } from '../agent/errors.ts';
import { runsFolder } from '../store/folders.ts';
import { deleteRun, findRun } from '../store/runs.ts';
import { parseCall, UsageError, type Call } from './arguments.ts';
import { changesCommand } from './changesCommand.ts';
import { doctor } from './doctor.ts';
import { exportCommand } from './exportCommand.ts';
import { restoreCommand } from './restoreCommand.ts';
import { runCommand } from './runCommand.ts';
import { listCommand, showCommand } from './showCommands.ts';
import { usage } from './usage.ts';

/** The manifest's version; the build puts it in. */
declare const mirothinkerVersion: string;

/** Runs one call and gives its exit code. stdout is for what was asked for, stderr for everything else. */
export async function main(words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  try {
    const call = parseCall(words);
    if (call === 'help') return print(usage, words.length === 0 ? 64 : 0);
    if (call === 'version') return print(`${mirothinkerVersion}\n`, 0);
    return await perform(call, env);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`mirothinker: ${error.message}\n"mirothinker --help" shows what there is.\n`);
      return 64;
    }
    if (error instanceof UserError) {
      process.stderr.write(`mirothinker: ${error.message}\n`);
      return 1;
    }
    throw error;
  }
}

/** Whoever read the output (`head`, a pager) went away: that is no error. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

async function perform(call: Call, env: NodeJS.ProcessEnv): Promise<number> {
  const folder = await runsFolder([call.workspace], call.runs, env);
  switch (call.command) {
    case 'ask':
    case 'resume':
    case 'fork':
    case 'answer':
      return runCommand(call, folder, env);
    case 'runs':
      return listCommand(call, folder);
    case 'show':
      return showCommand(call, folder);
    case 'export':
      return exportCommand(call, folder);
    case 'changes':
      return changesCommand(call, folder, env);
    case 'restore':
      return restoreCommand(call, folder, env);
    case 'delete': {
      const runId = await findRun(folder, call.operand);
      await deleteRun(folder, runId);
      process.stderr.write(`Deleted ${runId}.\n`);
      return 0;
    }
    case 'doctor':
      return doctor(call, folder, env);
  }
}

function print(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}
