/** Names of elements. */

const namesInUpperCase = new Map<string, string>();
const kinds = new Map<string, number>();
const wanted = new Map<string, WantedNames>();
const maxKept = 1000;

/** In upper case: each name is one string, which is compared at once. */
export function upperCase(name: string): string {
  const known = namesInUpperCase.get(name);
  if (known !== undefined) return known;
  const upper = name.toUpperCase();
  if (namesInUpperCase.size < maxKept) namesInUpperCase.set(name, upper);
  return upper;
}

/** A bit for a name, however it is written; with more than 31 names some share one. */
export function kindOf(name: string): number {
  const known = kinds.get(name);
  if (known !== undefined) return known;
  const upper = upperCase(name);
  const kind = upper === name ? 1 << Math.min(30, kinds.size % 31) : kindOf(upper);
  if (kinds.size >= maxKept) return 1 << 30;
  kinds.set(name, kind);
  return kind;
}

/** Names to be looked for. */
export interface WantedNames {
  readonly names: ReadonlySet<string>;
  /** Their bits. */
  readonly kinds: number;
}

/** A list of names as written in XML and as they are in pages. */
export function wantedNames(list: string): WantedNames {
  const known = wanted.get(list);
  if (known) return known;
  const names = new Set(list.split(',').flatMap((name) => [name.trim(), upperCase(name.trim())]));
  const made = { names, kinds: [...names].reduce((all, name) => all | kindOf(name), 0) };
  if (wanted.size < maxKept) wanted.set(list, made);
  return made;
}
