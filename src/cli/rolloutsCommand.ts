/** `ask --rollouts N`: one question asked N times, and what the answers come to. */
import type { AskedQuestion, LiveRun } from '../runs/liveRun.ts';
import { startRollouts, type RolloutResult } from '../runs/rollouts.ts';
import type { RunSurroundings } from '../runs/surroundings.ts';
import type { Call } from './arguments.ts';
import { answerLines, liveView } from './liveView.ts';
import { sourceLines } from './sourceLines.ts';
import type { Wheel } from './wheel.ts';

/** Runs all to their ends. 0 when most gave one answer, 1 when all failed, 2 without a majority, 130 interrupted. */
export async function rolloutsCommand(
  call: Call,
  question: AskedQuestion,
  around: RunSurroundings,
  wheel: Wheel,
): Promise<number> {
  const { json, choice, rollouts: count } = call;
  const chosen = { ...choice, approval: choice.approval ?? 'sandbox' } as const;
  const onStarted = (run: LiveRun, index: number) => show(run, index, json);
  const rollouts = await startRollouts(question, chosen, count, around, { onStarted });
  wheel.steer(() => rollouts.runs);
  const result = await rollouts.done;
  if (json) process.stdout.write(`${JSON.stringify({ type: 'rollouts', group: rollouts.group, ...result })}\n`);
  else {
    process.stderr.write(table(result));
    process.stdout.write(majorityAnswer(result, rollouts.runs));
  }
  if (around.signal.aborted) return 130;
  if (result.majority) return 0;
  return result.runs.every(({ state }) => state === 'failed') ? 1 : 2;
}

function show(run: LiveRun, index: number, json: boolean): void {
  const { runId } = run;
  if (!json) run.subscribe(liveView({ progress: process.stderr, prefix: `#${index} ` }));
  else run.subscribe({ onEvent: (event) => void process.stdout.write(`${JSON.stringify({ runId, event })}\n`) });
}

/** A line an answer with its share, and one for each run that gave none. */
function table({ groups, majority, runs }: RolloutResult): string {
  const numbers = new Map(runs.map(({ runId, index }) => [runId, `#${index}`]));
  const answers = groups.map(({ answer, share, runIds }) => {
    const who = runIds.map((runId) => numbers.get(runId)).join(' ');
    return `${String(Math.round(100 * share)).padStart(4)} %  ${answer}  (${who})`;
  });
  const silent = runs
    .filter(({ boxed }) => boxed === undefined)
    .map(({ index, state, message }) => `        #${index} gave none (${state})${message ? `: ${message}` : ''}`);
  const tie = majority || groups.length === 0 ? [] : ['No answer has a majority.'];
  return ['', `Answers of ${runs.length} rollouts:`, ...answers, ...silent, ...tie, ''].join('\n');
}

/** The answer of the first run of the majority, whole. */
function majorityAnswer({ majority }: RolloutResult, runs: readonly LiveRun[]): string {
  const run = runs.find(({ runId }) => runId === majority?.runIds[0]);
  const answer = run?.trajectory().items.find((item) => item.kind === 'answer');
  return answer?.kind === 'answer' ? `${answerLines(answer)}${sourceLines(answer)}` : '';
}
