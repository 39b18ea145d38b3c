import { explanations } from './explained-findings.ts';
import { synthesizedApp } from './synthesized-app.ts';

const environments = ['dev', 'existing-cluster', 'created-cluster'];
const findings = environments.flatMap((environment) => synthesizedApp(environment, { checked: true }).findings);

test('no finding of AwsSolutions stands without a written reason', () => {
  expect(findings.filter((found) => !explanations.some(({ finding }) => finding.test(found)))).toEqual([]);
});

test('no reason is written for a finding that is not there', () => {
  const idle = explanations.filter(({ finding }) => !findings.some((found) => finding.test(found)));
  expect(idle.map(({ finding }) => finding.source)).toEqual([]);
});
