/** Digests are plain data: with maps as sorted lists two of them can be compared whatever the order of their entries. */
export function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_, inner: unknown) =>
      inner instanceof Map
        ? [...inner]
            .map(([key, held]: [unknown, unknown]) => [String(key), held] as const)
            .sort(([a], [b]) => (a < b ? -1 : 1))
        : inner,
    1,
  );
}
