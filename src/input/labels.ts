/** A source before its label is settled. */
export interface Labelled {
  readonly label: string;
  /** Absolute path with `/` between the parts, from which a longer label is taken; null where there is none. */
  readonly fullPath: string | null;
}

/** Order by code units: the same on every machine, whatever its language. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Makes equal labels unique by putting parent folders before them (`error.log` twice → `web1/error.log`, `web2/error.log`).
 * The outcome does not depend on the order of the entries. Full paths must differ.
 */
export function uniqueLabels(entries: readonly Labelled[]): readonly string[] {
  const labels = entries.map((entry) => entry.label);
  for (;;) {
    let changed = false;
    for (const indexes of indexesByLabel(labels)) {
      if (indexes.length < 2) continue;
      for (const index of indexes) {
        const before = labels[index];
        const longer = before === undefined ? undefined : withOneMoreFolder(before, entries[index]?.fullPath ?? null);
        if (longer === undefined || longer === before) continue;
        labels[index] = longer;
        changed = true;
      }
    }
    if (!changed) return labels;
  }
}

function indexesByLabel(labels: readonly string[]): Iterable<readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, label] of labels.entries()) {
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [index]);
    else group.push(index);
  }
  return groups.values();
}

function withOneMoreFolder(label: string, fullPath: string | null): string {
  if (fullPath === null) return label;
  const parts = fullPath.split('/');
  const taken = label.split('/').length;
  return taken >= parts.length ? label : parts.slice(parts.length - taken - 1).join('/');
}
