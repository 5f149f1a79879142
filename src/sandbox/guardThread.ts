/** The thread of a guard: {id, ask, …} → {id, answer | error}, in order. Its data is the workspace. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { WorkspaceGuard } from './workspaceGuard.ts';

const texts = z.array(z.string()).readonly();
const workspaceSchema = z.object({ roots: texts, hidden: texts, notes: z.string() });
const holder = z.number().int();
const askedSchema = z.discriminatedUnion('ask', [
  z.object({ ask: z.enum(['hold', 'look', 'check', 'release']), id: z.number(), holder }),
  z.object({ ask: z.literal('watch'), id: z.number(), holder, pid: z.number().int() }),
  z.object({ ask: z.enum(['warm', 'dispose']), id: z.number() }),
]);

const guard = new WorkspaceGuard(workspaceSchema.parse(workerData));

parentPort?.on('message', (message: unknown) => {
  const asked = askedSchema.parse(message);
  const { id } = asked;
  try {
    parentPort?.postMessage({ id, answer: answer(asked) });
  } catch (error) {
    parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
});

function answer(asked: z.infer<typeof askedSchema>): unknown {
  switch (asked.ask) {
    case 'warm':
      guard.warm();
      return undefined;
    case 'hold':
      return guard.hold(asked.holder);
    case 'look':
      guard.look(asked.holder);
      return undefined;
    case 'watch':
      guard.watch(asked.holder, asked.pid);
      return undefined;
    case 'check':
      return guard.check(asked.holder);
    case 'release':
      return guard.release(asked.holder);
    case 'dispose':
      guard.dispose();
      return undefined;
  }
}
