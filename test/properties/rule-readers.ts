import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import { findingsOf } from '../../verifier/pipeline/rules/rule-findings.ts';
import { isRuleSet } from '../../verifier/pipeline/rules/ready-rules.ts';
import { ruleFilesOf } from '../../verifier/pipeline/rules/rule-files.ts';
import { decide, mintJws, NOW } from '../support/cards.ts';
import { key, SHIPPED, shippedTrust } from '../support/rules.ts';
import { mutatedJson, written } from './mutations.ts';
import { neverCrashes, type Property } from './run.ts';
import * as seeds from './seeds.ts';

const documents = SHIPPED.map((text) => JSON.parse(text) as unknown);
const valueSets = ruleFilesOf(SHIPPED).flatMap(({ content }) =>
  content === undefined || isRuleSet(content) ? [] : [content],
);

/** What reads rule files, and what reads records for them. */
export const RULE_READERS: readonly Property[] = [
  neverCrashes({
    name: 'rule set or value set, and what is wrong with it',
    input: mutatedJson(...documents),
    parse(json) {
      const [file] = ruleFilesOf([written(json)]);
      assert.ok(file !== undefined);
      if (file.content === undefined || !isRuleSet(file.content)) return;
      for (const valueSet of valueSets) findingsOf(file.content, valueSet);
    },
  }),
  neverCrashes({
    name: 'payloads that their issuer signs, whatever they say, held against rules',
    input: mutatedJson(...seeds.payloads),
    async parse(json) {
      const jws = mintJws(key, deflateRawSync(written(json)), { zip: 'DEF' });
      for (const rules of ['US-NY/ENTRY', 'EU/BASE']) {
        const { outcome, checks } = await decide(jws, shippedTrust, { at: NOW, rules });
        assert.ok(outcome !== 'accepted' || checks.rules === 'passed');
      }
    },
  }),
];
