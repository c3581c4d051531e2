/** How sure a verdict is, in words. */
export const CONFIDENCE_WORDS = ['certain', 'high', 'moderate', 'low', 'undecided'] as const;

/** The word for a confidence (design: certain ≥ 0.95, high ≥ 0.8, moderate ≥ 0.6, low ≥ 0.4, else undecided). */
export function confidenceWord(confidence: number): (typeof CONFIDENCE_WORDS)[number] {
  if (confidence >= 0.95) return 'certain';
  if (confidence >= 0.8) return 'high';
  if (confidence >= 0.6) return 'moderate';
  if (confidence >= 0.4) return 'low';
  return 'undecided';
}
