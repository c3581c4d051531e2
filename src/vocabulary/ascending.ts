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

/** Whether no number is less than the one before it; of several none may be NaN. */
export function isAscending(numbers: ArrayLike<number>): boolean {
  for (let i = 1; i < numbers.length; i++) if (!((numbers[i] ?? 0) >= (numbers[i - 1] ?? 0))) return false;
  return true;
}
