/** What the processes of one call may use. */

/** An absent limit is none. */
export interface Limits {
  /** Memory of all processes together, where a control group can be had; the address space of each is never below 8 GiB. */
  readonly memoryBytes?: number;
  /** Processor time of one process, in seconds. */
  readonly cpuSeconds?: number;
  readonly processes?: number;
  /** Of one file that is written. */
  readonly fileBytes?: number;
  /** Of one process. */
  readonly openFiles?: number;
}

/** What stands where nobody chose. */
export const defaultLimits: Limits = {
  memoryBytes: 8 * 2 ** 30,
  cpuSeconds: 3_600,
  processes: 512,
  fileBytes: 10 * 2 ** 30,
  openFiles: 4_096,
};

/**
 * Address space of one process, in bytes: never below 8 GiB, and more than the memory that may be used, since programs
 * reserve more than they use (a WebAssembly memory of Node's takes 10 GiB).
 */
export function addressSpaceBytes(memoryBytes: number): number {
  return Math.max(memoryBytes, 8 * 2 ** 30) + 4 * 2 ** 30;
}
