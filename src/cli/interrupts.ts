/** What interrupts a command: signals, and output that nobody reads any more. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Does something that can be interrupted, and gives its exit code: 130 when it was and says so by an error. */
export async function interruptible(work: (interrupted: AbortSignal) => Promise<number>): Promise<number> {
  const interrupted = new AbortController();
  const onSignal = () => interrupted.abort();
  for (const signal of signals) process.on(signal, onSignal);
  process.stdout.on('error', onSignal);
  try {
    return await work(interrupted.signal);
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    process.stdout.off('error', onSignal);
  }
}
