/** Index of the first of some numbers, ascending, that is not before another; none before `low` is looked at. */
export function firstFrom(numbers: ArrayLike<number>, number: number, low = 0): number {
  let from = low;
  let to = numbers.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((numbers[middle] ?? 0) < number) from = middle + 1;
    else to = middle;
  }
  return from;
}
