/** Names of elements. */

const namesInUpperCase = new Map<string, string>();
const wantedOf = new Map<string, ReadonlySet<string>>();
const maxKept = 1000;

/** In upper case: each name is one string, which is compared at once. */
export function upperCase(name: string): string {
  const known = namesInUpperCase.get(name);
  if (known !== undefined) return known;
  const upper = name.toUpperCase();
  if (namesInUpperCase.size < maxKept) namesInUpperCase.set(name, upper);
  return upper;
}

/** A list of names as written in XML and as they are in pages. */
export function wantedNames(names: string): ReadonlySet<string> {
  const known = wantedOf.get(names);
  if (known) return known;
  const wanted = new Set(names.split(',').flatMap((name) => [name.trim(), upperCase(name.trim())]));
  if (wantedOf.size < maxKept) wantedOf.set(names, wanted);
  return wanted;
}
