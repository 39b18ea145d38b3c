import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { synthesizeWorkflows } from '../../../lib/synthesize-workflows.ts';
import { workflowGraph } from '../../../local/console/workflow-graph.ts';

describe('the graph of a workflow', () => {
  const { machines } = synthesizeWorkflows([chatPipeline]);

  test.each(chatPipeline.workflows)('$name tells every statement in order, without its waits', ({ name, steps }) => {
    const { nodes } = workflowGraph(machines[name] ?? '');
    const names = nodes.map((node) => node.name);
    const built = names.filter((state) => state.startsWith('Build ')).map((state) => state.slice('Build '.length));
    expect(built).toEqual(steps.map(({ statement }) => statement.split('/').at(-1)));
    expect(names.filter((state) => /^(Wait|Look|How|Is) /.test(state))).toEqual([]);
  });

  test.each(Object.keys(machines))('%s leads forwards from its first state to each other', (name) => {
    const { nodes, edges } = workflowGraph(machines[name] ?? '');
    const order = new Map(nodes.map((node, at) => [node.name, at]));
    for (const { from, to } of edges) expect(order.get(from)).toBeLessThan(order.get(to) ?? -1);
    const reached = new Set(edges.map(({ to }) => to));
    expect(nodes.slice(1).filter((node) => !reached.has(node.name))).toEqual([]);
  });
});
