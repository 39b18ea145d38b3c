import { diagnose, doctorClients } from '../doctor/diagnose.ts';
import type { Finding } from '../doctor/finding.ts';
import type { Place } from './place.ts';

const marks: Record<Finding['state'], string> = { well: 'ok', warning: 'look', fault: 'FAULT' };

/** Prints what a check of an environment has found. @throws Error when anything is at fault. */
export async function runDoctor(environment: string, place: Place): Promise<void> {
  const deployment = await place.deployment(environment);
  const findings = await diagnose(deployment, doctorClients(deployment.region), place.now());
  for (const finding of findings) place.terminal.print(lineOf(finding));
  const faults = findings.filter(({ state }) => state === 'fault').length;
  if (faults > 0) throw new Error(`${faults} of ${findings.length} checks found a fault.`);
}

function lineOf({ what, state, says, remedy }: Finding): string {
  const line = `${marks[state].padEnd(5)}  ${what}: ${says}`;
  return remedy === undefined ? `${line}\n` : `${line}\n       ${remedy}\n`;
}
