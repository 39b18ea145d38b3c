import type { ShownStep, ShownWorkflow } from '../answers.ts';
import type { GraphNode } from '../workflow-graph.ts';
import { h, s } from './elements.ts';
import { duration, full } from './figures.ts';

const row = 30;
const box = 22;
const indent = 18;
const width = 420;

/** A workflow's graph from top to bottom, with what each step did in the last run. */
export function workflowDrawing({ name, graph, lastRun }: ShownWorkflow): HTMLElement {
  const { nodes, edges } = graph;
  const y = new Map(nodes.map((node, at) => [node.name, at * row + 4]));
  const depth = new Map(nodes.map((node) => [node.name, node.depth]));
  const steps = new Map((lastRun?.steps ?? []).map((step) => [step.statement, step]));
  const x = (node: string) => (depth.get(node) ?? 0) * indent + 8;
  const lines = edges.map(({ from, to }) => {
    const [top, bottom] = [(y.get(from) ?? 0) + box, y.get(to) ?? 0];
    const [left, right] = [x(from) + 9, x(to) + 9];
    const middle = bottom - (row - box) / 2;
    const arrow = `M${right - 3} ${bottom - 4}L${right} ${bottom}L${right + 3} ${bottom - 4}`;
    return s('path', { d: `M${left} ${top}V${middle}H${right}V${bottom}${arrow}`, class: 'edge' });
  });
  const boxes = nodes.map((node) => nodeDrawing(node, x(node.name), y.get(node.name) ?? 0, stepOf(node, steps)));
  const height = nodes.length * row + 4;
  return h(
    'div',
    { class: 'graph', tabindex: 0, role: 'region', 'aria-label': `Steps of ${name}` },
    s(
      'svg',
      {
        viewBox: `0 0 ${width} ${height}`,
        width,
        height,
        role: 'img',
        'aria-label': `${name}: ${nodes.map((node) => node.name).join(', then ')}`,
      },
      ...lines,
      ...boxes,
    ),
  );
}

/** The statement of a state is the last word of its name: `Build silver_messages`. */
function stepOf({ name }: GraphNode, steps: ReadonlyMap<string, ShownStep>): ShownStep | undefined {
  return steps.get(name.split(' ').at(-1) ?? '');
}

function nodeDrawing({ name, kind }: GraphNode, x: number, y: number, step: ShownStep | undefined): SVGElement {
  const outcome = step === undefined ? '' : step.outcome === 'succeeded' ? ' done' : ' failed';
  const rows = step?.rowsChanged === undefined ? '' : `${full(step.rowsChanged, 'count')} rows, `;
  const figures = step === undefined ? '' : `${rows}${duration(step.millis)}`;
  return s(
    'g',
    { class: `node ${kind}${outcome}` },
    s('rect', { x, y, width: width - x - 8, height: box, rx: 5 }),
    s('text', { x: x + 9, y: y + 15 }, kind === 'map' ? `${name} ↻` : name),
    s('text', { x: width - 16, y: y + 15, class: 'figures' }, figures),
  );
}
