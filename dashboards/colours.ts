/** A colour on paper and on a dark screen. */
export interface Colour {
  readonly light: string;
  readonly dark: string;
}

const grey: Colour = { light: '#9aa0a8', dark: '#7d848d' };

/**
 * The colours that never change their meaning, by platform or by the column of a measure. They tell apart for colour-blind
 * readers too (after Paul Tol's qualitative schemes), and `All` is ink: it is the whole, not one of the parts.
 */
export const fixedColours: Readonly<Record<string, Colour>> = {
  All: { light: '#23272e', dark: '#e8eaed' },
  web: { light: '#3f72af', dark: '#6ea3e0' },
  ios: { light: '#a3386f', dark: '#d873a6' },
  android: { light: '#2f8452', dark: '#5cbd84' },
  desktop: { light: '#b38a1d', dark: '#dcb64c' },
  api: { light: '#d0564f', dark: '#f0867f' },
  Unknown: grey,
  Other: grey,
  OTHER: { light: '#c9cdd2', dark: '#4d545e' },
  input_tokens: { light: '#3f72af', dark: '#6ea3e0' },
  output_tokens: { light: '#e0913a', dark: '#efab62' },
  request_cost: { light: '#7a6bb5', dark: '#a799e0' },
  input_tokens_cost: { light: '#3f72af', dark: '#6ea3e0' },
  output_tokens_cost: { light: '#e0913a', dark: '#efab62' },
};

/** For values that nobody knows beforehand, in the order of their size. */
export const palette: readonly Colour[] = [
  { light: '#3f72af', dark: '#6ea3e0' },
  { light: '#e0913a', dark: '#efab62' },
  { light: '#2f8452', dark: '#5cbd84' },
  { light: '#d0564f', dark: '#f0867f' },
  { light: '#7a6bb5', dark: '#a799e0' },
  { light: '#3c9fa8', dark: '#63c3cc' },
  { light: '#a3386f', dark: '#d873a6' },
  { light: '#b38a1d', dark: '#dcb64c' },
  { light: '#7c9438', dark: '#a8c25c' },
  { light: '#8a6d5a', dark: '#b99a86' },
  { light: '#5b7a99', dark: '#8eabc8' },
];
