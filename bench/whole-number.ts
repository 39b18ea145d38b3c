/** A whole number above 0 that was given for an option; ends the process with a line that says what is wrong. */
export function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  console.error(`${option} "${text}" has to be a whole number above 0, for example 1000000.`);
  process.exit(2);
}
