/** Work that several wait for is done once. */

/** One piece of it. */
interface Piece<T> {
  readonly result: Promise<T>;
  readonly stop: AbortController;
  readonly asked: AbortController;
  waiting: number;
}

/** Pieces of work under way, by key. */
export interface SharedWork<T> {
  /**
   * Joins the work of that key, or starts it. It is stopped when the last who waits for it stops waiting; `asked` is aborted
   * as soon as one of them is not merely reading ahead.
   */
  readonly join: (
    key: string,
    waiter: { readonly signal: AbortSignal; readonly ahead: boolean },
    start: (signal: AbortSignal, asked: AbortSignal) => Promise<T>,
  ) => Promise<T>;
  readonly stop: (reason: unknown) => void;
}

/** Nothing under way yet. */
export function sharedWork<T>(): SharedWork<T> {
  const pieces = new Map<string, Piece<T>>();
  const begin = (key: string, ahead: boolean, start: (signal: AbortSignal, asked: AbortSignal) => Promise<T>) => {
    const [stop, asked] = [new AbortController(), new AbortController()];
    if (!ahead) asked.abort();
    const result = start(stop.signal, asked.signal).finally(() => {
      if (pieces.get(key) === piece) pieces.delete(key);
    });
    // Whoever waits hears of it; nobody may be left by then.
    result.catch(() => undefined);
    const piece: Piece<T> = { result, stop, asked, waiting: 0 };
    pieces.set(key, piece);
    return piece;
  };
  return {
    join: async (key, { signal, ahead }, start) => {
      signal.throwIfAborted();
      const piece = pieces.get(key) ?? begin(key, ahead, start);
      if (!ahead) piece.asked.abort();
      piece.waiting++;
      const left = Promise.withResolvers<never>();
      const leave = () => left.reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
      try {
        return await Promise.race([piece.result, left.promise]);
      } finally {
        signal.removeEventListener('abort', leave);
        if (--piece.waiting === 0 && signal.aborted) {
          if (pieces.get(key) === piece) pieces.delete(key);
          piece.stop.abort(signal.reason);
        }
      }
    },
    stop: (reason) => {
      for (const { stop } of pieces.values()) stop.abort(reason);
    },
  };
}
