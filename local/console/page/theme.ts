import type { Colour } from '../../../dashboards/colours.ts';

const key = 'lethe-theme';
const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const system = matchMedia('(prefers-color-scheme: dark)');

/** What the reader has chosen; `auto` follows the system. */
export function chosenTheme(): Theme {
  const kept = localStorage.getItem(key);
  return themes.find((theme) => theme === kept) ?? 'auto';
}

export function isDark(): boolean {
  const theme = chosenTheme();
  return theme === 'auto' ? system.matches : theme === 'dark';
}

/** Keeps a choice and shows it. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(key, theme);
  applyTheme();
}

export function applyTheme(): void {
  document.documentElement.setAttribute('data-theme', isDark() ? 'dark' : 'light');
}

/** Calls back when the system changes between light and dark. */
export function onSystemTheme(changed: () => void): void {
  system.addEventListener('change', changed);
}

export function nextTheme(theme: Theme): Theme {
  return themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto';
}

export function shade(colour: Colour): string {
  return isDark() ? colour.dark : colour.light;
}

/** A colour of the style sheet. */
export function styleColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
