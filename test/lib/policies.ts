import { z } from 'zod';
import type { SynthesizedApp, Template } from './synthesized-app.ts';
import { ofType } from './synthesized-app.ts';

/** One statement of a role's policies, with what CloudFormation fills in replaced by names: `<LogicalId>` for an ARN. */
export interface Statement {
  readonly role: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Something that somebody has to be allowed to do. */
export interface Need {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  /** What the request says of itself, as `s3:prefix`. */
  readonly context?: Readonly<Record<string, string>>;
}

const several = z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]);
const statementShape = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.literal('Allow'),
  Action: several,
  Resource: several,
  Condition: z
    .partialRecord(z.enum(['StringLike', 'StringLikeIfExists', 'StringEquals']), z.record(z.string(), several))
    .optional(),
});
const policyShape = z.object({
  PolicyDocument: z.object({ Statement: z.array(statementShape) }),
  Roles: z.array(z.object({ Ref: z.string() })).optional(),
});

/** Every statement that allows something to a role of the lakehouse stack. A Deny or an unknown condition is an error here. */
export function statementsOf({ lakehouse, storage }: SynthesizedApp): Statement[] {
  const text = (value: unknown) => textOf(value, storage);
  // What does not fit into a role's own policy overflows into managed ones.
  const policies = [...ofType(lakehouse, 'AWS::IAM::Policy'), ...ofType(lakehouse, 'AWS::IAM::ManagedPolicy')];
  return policies.flatMap(([, { Properties }]) => {
    const { PolicyDocument, Roles } = policyShape.parse(Properties);
    return (Roles ?? []).flatMap(({ Ref }) =>
      PolicyDocument.Statement.map(({ Action, Resource, Condition }) => ({
        role: Ref,
        actions: Action.map(text),
        resources: Resource.map(text),
        conditions: Object.fromEntries(
          Object.entries(Condition ?? {}).map(([operator, keys]) => [
            operator,
            Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, values.map(text)])),
          ]),
        ),
      })),
    );
  });
}

/** The text that CloudFormation would make of a value, with names for what only a deployment knows. */
export function textOf(value: unknown, storage: Template): string {
  if (typeof value === 'string') return value;
  const shapes = z.union([
    z.strictObject({ Ref: z.string() }).transform(({ Ref }) => (Ref === 'AWS::Partition' ? 'aws' : `<${Ref}>`)),
    z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).transform((get) => `<${get['Fn::GetAtt'][0]}>`),
    z
      .strictObject({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) })
      .transform((join) => join['Fn::Join'][1].map((part) => textOf(part, storage)).join('')),
    // Only the name of a state machine is cut out of an ARN, and nothing here asks for it.
    z.strictObject({ 'Fn::Select': z.unknown() }).transform(() => '<part>'),
    z.strictObject({ 'Fn::ImportValue': z.string() }).transform((imported) => {
      const exported = Object.values(storage.Outputs).find(
        ({ Export }) => Export?.Name === imported['Fn::ImportValue'],
      );
      return textOf(exported?.Value, storage);
    }),
  ]);
  return shapes.parse(value);
}

/** Whether a pattern of IAM, with `*` for any text and `?` for any character, matches. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

/** Whether one statement allows a need: IAM's rule for a role that nothing denies anything. */
export function allows(statement: Statement, need: Need): boolean {
  return (
    statement.role === need.role &&
    statement.actions.some((action) => matches(action.toLowerCase(), need.action.toLowerCase())) &&
    statement.resources.some((resource) => matches(resource, need.resource)) &&
    Object.entries(statement.conditions).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => {
        const actual = need.context?.[key];
        if (actual === undefined) return operator.endsWith('IfExists');
        return values.some((value) => (operator === 'StringEquals' ? value === actual : matches(value, actual)));
      }),
    )
  );
}
