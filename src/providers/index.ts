import { eodhd } from './eodhd';
import { file } from './file';
import { finnhub } from './finnhub';
import { fixture } from './fixture';
import type { ProviderDefinition } from './provider';
import { replay } from './replay';
import { twelvedata } from './twelvedata';
import { yfinance } from './yfinance';

/** Every provider of the product. Routes, docs, validation and the contract suite follow from this list. */
export const PROVIDERS: readonly ProviderDefinition[] = [fixture, replay, yfinance, finnhub, eodhd, twelvedata, file];
