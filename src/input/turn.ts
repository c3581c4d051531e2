/** Lets signals, timers and other threads have their turn. `node:timers/promises` would have to be loaded for it. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
