/** Asking back: whether a question is ambiguous, at most three short questions to the person, and their answers. */
import type { FactOf } from '../shared/events.ts';
import { askAside, earlierWords, linesOf } from './aside.ts';
import type { Going } from './going.ts';
import { glimpses } from './attached.ts';
import { questionText } from './messages.ts';

/** Questions at most, and characters of one. */
const maxQuestions = 3;
const maxChars = 300;

const system = `You read a question before a research agent works on it for a long time. You do not answer it. You decide whether it is ambiguous: whether two sensible readings of it would lead to different answers, and nothing but the person's own word can tell which one is meant. What can be found out by research is not asked. Most questions are clear.

Reply with one JSON object and nothing else:

{"ambiguous": false, "questions": []}

Where it is ambiguous, "questions" has one to three short questions to the person, in the language of their question, the most important first.`;

/** Asks the model whether the newest question is clear, and records what is to be asked back. */
export async function clarify(going: Going, signal: AbortSignal): Promise<void> {
  const trajectory = going.trajectory();
  const question = trajectory.items.findLast((item) => item.kind === 'question');
  if (!question) return;
  const user = `The question:\n\n${questionText(question.question, question.mentions, glimpses(question.attachments))}${earlierWords(trajectory)}`;
  const { value, usage } = await askAside({ system, user }, going, signal);
  const clear = value?.['ambiguous'] === false || value?.['ambiguous'] === 'false';
  const questions = clear ? [] : linesOf(value?.['questions'], maxChars).slice(0, maxQuestions);
  await going.record({ type: 'clarification.asked', questions, ...(usage && { usage }) });
}

/** Waits for the person's answers and records them; asked again where the process that waited before is gone. */
export async function awaitAnswers(
  questions: readonly string[],
  { ports, record, trajectory }: Going,
  signal: AbortSignal,
): Promise<void> {
  if (trajectory().state.kind !== 'clarifying') await record({ type: 'clarification.asked', questions });
  const answers = await ports.clarification.answer(questions, signal);
  signal.throwIfAborted();
  await record(answered(questions, answers));
}

function answered(questions: readonly string[], given: readonly string[]): FactOf<'clarification.answered'> {
  const answers = questions.map((_, index) => given[index]?.trim() ?? '');
  return { type: 'clarification.answered', answers: answers.some(Boolean) ? answers : [] };
}
