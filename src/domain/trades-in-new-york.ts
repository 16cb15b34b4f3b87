import { assetClassOf } from './bar';

/** `AAPL`, `BRK.B`, `BRK-B`, `AAPL.US`; not `VOD.L`, `7203.T`, `^FTSE`, `ES=F`. Share classes run from A to C; London and others use other letters. */
const NEW_YORK = /^[A-Z]{1,5}([.-][A-C])?(\.US)?$/;

/** True for an equity that the NYSE and Nasdaq calendar judges, as far as its symbol tells: one without a foreign exchange's suffix. */
export function tradesInNewYork(symbol: string): boolean {
  return NEW_YORK.test(symbol) && assetClassOf(symbol) === 'equity';
}
