import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderFindings } from '../../cli/issuer/findings.ts';

test('findings are lines with level, code and place; without any there is no line', () => {
  assert.deepEqual(renderFindings([]), []);
  const path = 'Bundle.entry[1].resource.lotNumber';
  const [, line = ''] = renderFindings([{ code: 'LOT_NUMBER_WORD', level: 'warning', path }]);
  assert.ok(line.startsWith(`  warning LOT_NUMBER_WORD at ${path}: `));
});
