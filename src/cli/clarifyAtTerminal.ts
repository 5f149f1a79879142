/** Questions back to the person at the terminal. */
import { showControls } from '../shared/visibleText.ts';
import type { Person } from './personAtTerminal.ts';

/** Asks one after another; nobody there skips them all. */
export async function clarifyAtTerminal(
  questions: readonly string[],
  person: Person | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const answers: string[] = [];
  for (const [index, question] of questions.entries()) {
    const first = index === 0 ? '? Before the research. An empty line leaves a question open.\n' : '';
    const answer = await person?.ask(`${first}? ${showControls(question)}\n  `, signal);
    if (answer === undefined) return answers;
    answers.push(answer);
  }
  return answers;
}
