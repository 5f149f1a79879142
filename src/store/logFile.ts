/** Where a run's facts stand in its folder. */

/** The log's file name in a run's folder. */
export const logFile = 'events.jsonl';
