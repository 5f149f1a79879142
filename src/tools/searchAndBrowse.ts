/** Hands a subtask to a sub-agent: a nested run whose report is the observation (agent-protocol: optional servers). */
import { z } from 'zod';
import { defineTool, type Tool, type ToolContext, type ToolOutput } from '../agent/tool.ts';

/** Whoever does subtasks; `executes`: whether it may run commands and Python, confined, without asking anybody. */
export interface SubAgent {
  readonly executes: boolean;
  /** Does one subtask to its end. Rejects with the signal's reason, once nothing of it is left, when that aborts. */
  readonly run: (subtask: string, context: ToolContext) => Promise<ToolOutput>;
}

const input = z.object({
  subtask: z
    .string()
    .trim()
    .min(1)
    .describe('What is to be found out, with all that has to be known for it: nothing of this conversation is seen.'),
});

/**
 * The tool `search_and_browse`. A nested run asks nobody, so the call itself asks for all that it may do; where nothing can
 * be confined it only reads, and there is nothing to ask for.
 */
export function searchAndBrowseTool({ executes, run }: SubAgent): Tool {
  return defineTool({
    server: 'agent-browsing',
    name: 'search_and_browse',
    description:
      'Hand a subtask to a sub-agent and get its report with sources. It works by itself with its own tools and a context of its own, which saves yours; it sees only the text of the subtask. Give it one well-bounded thing to find out, and say what the report has to hold.',
    input,
    effect: executes ? 'execute' : 'read',
    asks: 'It starts a nested run, which reads files and runs commands and Python in the sandbox without asking again.',
    query: ({ subtask }) => (typeof subtask === 'string' ? subtask : undefined),
    run: ({ subtask }, context) => run(subtask, context),
  });
}
