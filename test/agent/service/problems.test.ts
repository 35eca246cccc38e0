import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IssuerError } from '../../../agent/issuer-error.ts';
import { problemOf } from '../../../agent/service/problems.ts';
import { Problem } from '../../../verifier/http/problem.ts';

test('a token that is away, or waits for its PIN, is an issuer that is not ready and no fault of the request', () => {
  for (const code of [
    'TOKEN_BINDING_MISSING',
    'TOKEN_MODULE_UNUSABLE',
    'TOKEN_ABSENT',
    'TOKEN_FAULT',
    'PIN_MISSING',
    'PIN_WRONG',
    'PIN_LOCKED',
    'PIN_NOT_SET',
  ] as const) {
    const problem = problemOf(new IssuerError(code, 'x'));
    assert.ok(problem instanceof Problem, code);
    assert.deepEqual([problem.code, problem.kind.status], ['NOT_READY', 503], code);
  }
});
