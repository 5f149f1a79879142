/** What a person types while a run lives. */
import type { LiveRun } from '../runs/liveRun.ts';
import { steerPlan, type Planned } from './planWords.ts';

/** What can be typed, as the terminal says it. */
export const steeringHelp =
  'Type a note for the model and Enter, or /answer, /pause, /continue, /plan, /queue QUESTION. Ctrl-C stops the run.';

/** What can be steered of a run. */
export type Steered = Pick<LiveRun, 'note' | 'queue' | 'pause' | 'goOn' | 'answerNow'> & Planned;

/** Does what a line says to a run, a note unless it is one of the words; gives back what there is to say to it. */
export function steer(line: string, run: Steered): string | undefined {
  const text = line.trim();
  const [, word, rest = ''] = /^\/([a-z]+)(?:\s+([\s\S]*))?$/.exec(text) ?? [];
  switch (word) {
    case undefined:
      if (text) run.note(text);
      return undefined;
    case 'answer':
      run.answerNow();
      return undefined;
    case 'pause':
      run.pause();
      return 'It pauses before its next step.';
    case 'continue':
      run.goOn();
      return undefined;
    case 'queue':
      if (!rest) return 'Type the question behind /queue.';
      run.queue({ text: rest, mentions: [] });
      return undefined;
    case 'plan':
      return steerPlan(rest.trim(), run);
    default:
      return `There is no /${word}. ${steeringHelp}`;
  }
}
