import type { Series } from './chart-series.ts';
import { h } from './elements.ts';
import { shade, styleColour } from './theme.ts';

/** Offers a file that the page has made. */
function offer(name: string, url: string): void {
  const link = h('a', { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

export function offerCsv(name: string, text: string): void {
  // The mark tells spreadsheets that it is UTF-8.
  const url = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' }));
  offer(`${name}.csv`, url);
  URL.revokeObjectURL(url);
}

const scale = 2;
const head = 64;

/** Draws a chart's SVG under its title and legend, twice as fine as on the screen, and offers it as PNG. */
export async function offerPng(
  name: string,
  title: string,
  series: readonly Series[],
  drawing: SVGElement,
): Promise<void> {
  const { width, height } = drawing.getBoundingClientRect();
  const copy = new XMLSerializer().serializeToString(drawing);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(copy)}`;
  await image.decode();
  const canvas = h('canvas', { width: width * scale, height: (height + head) * scale });
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(scale, scale);
  context.fillStyle = styleColour('--card');
  context.fillRect(0, 0, width, height + head);
  context.fillStyle = styleColour('--ink');
  context.font = '600 15px system-ui, sans-serif';
  context.fillText(title, 12, 24);
  context.font = '12px system-ui, sans-serif';
  let x = 12;
  for (const { name: label, colour } of series) {
    context.fillStyle = shade(colour);
    context.fillRect(x, 40, 10, 10);
    context.fillStyle = styleColour('--muted');
    context.fillText(label, x + 15, 49);
    x += 30 + context.measureText(label).width;
  }
  context.drawImage(image, 0, head, width, height);
  offer(`${name}.png`, canvas.toDataURL('image/png'));
}
