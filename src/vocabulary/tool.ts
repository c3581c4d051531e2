export const TOOL_NAME = 'whose502';
/** Kept equal to package.json (tested). */
export const TOOL_VERSION = '0.1.0';
/** Changes whenever a rule, weight or text changes, so that stored results can be told apart. */
export const RULESET = '2026.11.26';
