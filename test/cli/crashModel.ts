/**
 * What the model of the crash suite says: a function of the conversation alone, so that a run that was killed and resumed
 * comes to the same answer. Every call names its step (`step-7`), which is how the next reply knows how far the run is.
 */
import { z } from 'zod';
import { call, type RecordedRequest, type Reply } from '../fakes/scriptedServer.ts';

/** The files of the workspace. `calls.txt` and `marks.txt` hold the step of each call that really ran. */
export const files = {
  'notes.md': '# Notes\nThe port is 8080.\n',
  'marks.txt': 'marks:\n',
  'calls.txt': '',
} as const;

/** The step whose command is slow, so that it can be killed in the middle. */
export const slowStep = 17;
/** The step before which the server is away once. */
const faultyStep = 3;
/** The step at whose first request the server says how small its window is. */
const overflowStep = 2;

const command = (step: string, then = 'true') =>
  call('tool-python', 'run_command', { command: `echo ${step} >> calls.txt; ${then}`, sandbox_id: 'none' });
/** So many lines of output; the most are cut for the model. */
const lines = (count: number) => `yes 'a line of words' | head -n ${count}`;
const read = (path: string, step: string) => call('workspace', 'read_file', { path: path.replace('STEP', step) });
const thought = (step: string) =>
  `<think>I go on with ${step}. ${'I think about it for a while. '.repeat(8)}</think>\n\n`;

/** What each step says, from the first on. */
const steps: readonly ((step: string) => string)[] = [
  (step) => `${thought(step)}I do ${step}.\n${read('notes.md', step)}`,
  (step) => thought(step) + command(step, 'cat calls.txt'),
  (step) => `${thought(step)}${command(`${step}a`)}\n\n${command(`${step}b`)}`,
  (step) => `I do ${step}. <use_mcp_tool>\n<server_name>workspace</server_name>`,
  (step) => thought(step) + command(step, 'exit 3'),
  (step) => thought(step) + read('missing-STEP.md', step),
  (step) => `I do ${step}.\n${call('workspace', 'nothing', { path: 'notes.md' })}`,
  (step) => thought(step) + command(step, lines(1500)),
  (step) => {
    const marks = { path: 'marks.txt', old_text: 'marks:', new_text: `marks: ${step}` };
    return thought(step) + call('workspace', 'edit_file', marks);
  },
  (step) => thought(step) + command(step, lines(300)),
  (step) => thought(step) + command(step, lines(300)),
  (step) => thought(step) + call('workspace', 'write_file', { path: `made/${step}.txt`, content: `${step}\n` }),
  (step) => thought(step) + command(step, lines(300)),
  (step) => {
    const code = `with open('calls.txt', 'a') as calls: calls.write('${step}\\n')`;
    return thought(step) + call('tool-python', 'run_python_code', { code_block: code, sandbox_id: 'none' });
  },
  (step) => thought(step) + call('workspace', 'search_files', { pattern: `port|${step}` }),
  (step) => thought(step) + call('workspace', 'search_files', { pattern: `notes|${step}` }),
  (step) => thought(step) + command(step, 'sleep 0.3; echo slept'),
  (step) => `I do ${step}.\n${read('notes.md', step)}`,
];

const messagesSchema = z.array(z.object({ role: z.string(), content: z.string() }));

/** The good reply to a request. */
export function crashReply(request: RecordedRequest): Reply {
  const messages = messagesSchema.parse(request.body['messages']);
  const step = stepOf(messages);
  const last = messages.at(-1)?.content ?? '';
  const port = /The port is (\d+)/.exec(messages.map(({ content }) => content).join('\n'))?.[1];
  if (last.includes('\\boxed'))
    return { content: `The port is ${port ?? 'unknown'} [notes.md:2].\n\n\\boxed{${port ?? '?'}}` };
  if (last.includes('Write the report')) {
    const found = `"The port is ${port ?? 'unknown'}." [notes.md:2]`;
    return { content: `Failure type: incomplete\nWhat happened: I came to step-${step}.\nUseful findings: ${found}` };
  }
  const lostRead = last.includes('outcome of this call is unknown') && (step === 1 || step === steps.length);
  const next = lostRead ? step : step + 1;
  return { content: steps[next - 1]?.(`step-${next}`) ?? 'I know it now.' };
}

/** The newest step that the conversation knows of, 0 at its beginning. */
export function stepOf(messages: readonly { readonly content: string }[]): number {
  const named = messages.flatMap(({ content }) => [...content.matchAll(/step-(\d+)/g)]);
  return Math.max(0, ...named.map(([, number]) => Number(number)));
}

/** A reply that stops in its middle, and what is called then. */
export interface Hang {
  readonly step: number;
  readonly onHanging: () => void;
}

/**
 * A server of that model, which fails once in each run: it names its window (a small one for `run-narrow…`), and it is away.
 * The run is a word of its question; a hang that waits for it is taken out of the map.
 */
export function crashServer(hangs: Map<string, Hang>): (request: RecordedRequest) => Reply {
  const done = new Set<string>();
  const once = (key: string) => !done.has(key) && Boolean(done.add(key));
  return (request) => {
    const messages = messagesSchema.parse(request.body['messages']);
    const run = /run-\S+/.exec(messages[1]?.content ?? '')?.[0] ?? '';
    const step = stepOf(messages.slice(1)) + 1;
    if (step === overflowStep && once(`${run} overflow`)) {
      const prompt = Math.ceil(JSON.stringify(messages).length / 4);
      return { status: 400, body: { error: { message: tooLong(prompt, run.includes('narrow') ? 16_000 : 40_000) } } };
    }
    if (step === faultyStep && once(`${run} away`)) {
      return { status: 503, headers: { 'retry-after': '0' }, body: { error: { message: 'loading' } } };
    }
    const hang = hangs.get(run);
    if (hang?.step !== step) return crashReply(request);
    hangs.delete(run);
    void request.hanging.then(hang.onHanging);
    return { ...crashReply(request), hang: 'stream' };
  };
}

/** vLLM's words; all in all it is too long, though the prompt by itself is not. */
function tooLong(prompt: number, window: number): string {
  return `This model's maximum context length is ${window} tokens. However, you requested ${prompt + window} tokens (${prompt} in the messages, ${window} in the completion).`;
}
