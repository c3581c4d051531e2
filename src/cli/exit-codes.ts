/** What the exit code says. Interrupted, the process is ended by the signal, which a shell shows as 130. */
export const EXIT = {
  analysed: 0,
  failOnMatched: 1,
  usage: 2,
  nothingUnderstood: 3,
  partial: 4,
  leak: 5,
  /** `check-logs`: a log lacks what a sure verdict needs. */
  lacking: 6,
  fault: 70,
} as const;
