/** One thing that `doctor` looked at. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  /** What was found. */
  readonly found: string;
  /** What to do about it, where something is to be done. */
  readonly remedy?: string;
  /** Runs go on without it. */
  readonly optional?: boolean;
}
