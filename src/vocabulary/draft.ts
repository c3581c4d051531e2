/**
 * Something that is filled in field by field. Lines are many, and spreading what they may have into a literal costs more than all else
 * that is done for one.
 */
export type Draft<T> = { -readonly [Name in keyof T]: T[Name] };
