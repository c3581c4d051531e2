/** What the exit code says (design, section 4). */
export const EXIT = {
  analysed: 0,
  failOnMatched: 1,
  usage: 2,
  nothingUnderstood: 3,
  partial: 4,
  interrupted: 130,
} as const;
