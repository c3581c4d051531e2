import { expect, it } from 'vitest';
import { db } from '../../../src/formats/dependency/db.ts';
import { DEPENDENCY_MESSAGES } from '../../../src/formats/dependency/db-messages.ts';
import { expectExamples } from '../app/read-lines.ts';

it('the database log reads its examples', () => expectExamples(db));

it('each message of a database is taken by its own row', () => {
  for (const row of DEPENDENCY_MESSAGES) {
    const first = DEPENDENCY_MESSAGES.find((other) => other.of === row.of && other.pattern.test(row.sample));
    expect(first?.pattern, row.sample).toBe(row.pattern);
  }
});
