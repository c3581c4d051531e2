import { isPortable } from './thread.ts';
import type { Unit } from './units.ts';

/** Work (bytes after unpacking) that would keep a thread busy alone at the end; what is smaller is read in order. */
const LARGE = 64e6;

/**
 * Units to be read: the large files first, so that no thread is left alone with one at the end; the others, the pieces of a
 * file, and what one thread alone can read (an archive gives its files in order), in their order: out of it, digests would
 * wait in memory, and samples could not be thin from their beginning.
 */
export class UnitQueue {
  private readonly units: Unit[];

  constructor(units: readonly Unit[]) {
    const sizes = new Map<number, number>();
    for (const unit of units)
      if (unit.weight >= LARGE && isPortable(unit)) sizes.set(unit.first, (sizes.get(unit.first) ?? 0) + unit.weight);
    const size = ({ first }: Unit): number => sizes.get(first) ?? 0;
    this.units = [...units].sort((a, b) => size(b) - size(a) || a.first - b.first);
  }

  get length(): number {
    return this.units.length;
  }

  next(accepts: (unit: Unit) => boolean = () => true): Unit | undefined {
    const at = this.units.findIndex(accepts);
    return at === -1 ? undefined : this.units.splice(at, 1)[0];
  }

  /** The next one, where it is small: it is taken before it is begun. */
  nextSmall(): Unit | undefined {
    const { weight = LARGE } = this.units[0] ?? {};
    return weight < LARGE ? this.units.shift() : undefined;
  }

  giveBack(unit: Unit): void {
    this.units.push(unit);
  }
}
