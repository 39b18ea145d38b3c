import { z } from 'zod';

/** A state that does something, as it is drawn. */
export interface GraphNode {
  readonly name: string;
  readonly kind: 'task' | 'map' | 'end';
  /** How many maps it stands in. */
  readonly depth: number;
}

/** The states of a workflow in the order in which they come, and which follows which. */
export interface WorkflowGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

const stateShape = z.object({
  Type: z.string(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z.array(z.object({ Next: z.string().optional() })).default([]),
  get ItemProcessor() {
    return machineShape.optional();
  },
  get Branches() {
    return z.array(machineShape).optional();
  },
});
const machineShape = z.object({ StartAt: z.string(), States: z.record(z.string(), stateShape) });

type State = z.infer<typeof stateShape>;
type Machine = z.infer<typeof machineShape>;

/**
 * Reads a definition in Amazon States Language as the story it tells: tasks and maps, in order. What only serves them is
 * passed over: choices, waits, the looks that follow a wait, and what catches errors.
 */
export function workflowGraph(definition: string): WorkflowGraph {
  const nodes: GraphNode[] = [];
  const edges: { from: string; to: string }[] = [];
  follow(machineShape.parse(JSON.parse(definition)), 0, [], nodes, edges);
  return { nodes, edges };
}

/** Adds a machine's states behind `before`, and returns those that it ends with. */
function follow(
  machine: Machine,
  depth: number,
  before: readonly string[],
  nodes: GraphNode[],
  edges: { from: string; to: string }[],
): string[] {
  const seen = new Set<string>();
  let ends: string[] = [];
  const visit = (name: string, from: readonly string[]): void => {
    const state = machine.States[name];
    if (state === undefined) return;
    const isShown = (state.Type === 'Task' && !followsWait(machine, name)) || state.Type === 'Map';
    // A step back, as into another try, is no step of the story.
    if (seen.has(name)) {
      if (isShown && !from.includes(name)) connect(from, name, nodes, edges);
      return;
    }
    seen.add(name);
    let last = from;
    if (isShown) {
      connect(from, name, nodes, edges);
      nodes.push({ name, kind: state.Type === 'Map' ? 'map' : 'task', depth });
      last = [name];
    }
    const inside = [...(state.ItemProcessor === undefined ? [] : [state.ItemProcessor]), ...(state.Branches ?? [])];
    if (inside.length > 0) {
      const insideDepth = state.Type === 'Map' ? depth + 1 : depth;
      last = inside.flatMap((part) => follow(part, insideDepth, last, nodes, edges));
    }
    const next = nextOf(state);
    if (next.length === 0 && state.Type !== 'Fail') ends = [...ends, ...last];
    for (const target of next) visit(target, last);
  };
  visit(machine.StartAt, before);
  return [...new Set(ends)];
}

function nextOf({ Next, Default, Choices }: State): string[] {
  const targets = [...Choices.map((choice) => choice.Next), Next, Default];
  return targets.filter((target) => target !== undefined);
}

/** Whether a state is only reached by waiting: it looks after something that another state has begun. */
function followsWait({ StartAt, States }: Machine, name: string): boolean {
  if (name === StartAt) return false;
  const before = Object.values(States).filter((state) => nextOf(state).includes(name));
  return before.length > 0 && before.every((state) => state.Type === 'Wait');
}

/** Joins states forwards only. */
function connect(
  from: readonly string[],
  to: string,
  nodes: readonly GraphNode[],
  edges: { from: string; to: string }[],
): void {
  const place = nodes.findIndex((node) => node.name === to);
  for (const source of from) {
    const goesBack = place >= 0 && nodes.findIndex((node) => node.name === source) >= place;
    const isKnown = edges.some((edge) => edge.from === source && edge.to === to);
    if (!goesBack && !isKnown) edges.push({ from: source, to });
  }
}
