/** The part used here of a package that ships no types. */
declare module 'finnhub' {
  type Callback = (error: unknown, data: unknown) => void;

  export class DefaultApi {
    constructor(apiKey: string);
    /** The one way of the package to the network; every endpoint goes through it. */
    _callApi(path: string, params: Readonly<Record<string, string>>, callback: Callback): void;
    quote(symbol: string, callback: Callback): void;
    /** `from` and `to` in epoch seconds. */
    stockCandles(symbol: string, resolution: string, from: number, to: number, callback: Callback): void;
    /** `from` and `to` as `YYYY-MM-DD`, both part of the range; so for the next two. */
    stockDividends(symbol: string, from: string, to: string, callback: Callback): void;
    stockSplits(symbol: string, from: string, to: string, callback: Callback): void;
    companyNews(symbol: string, from: string, to: string, callback: Callback): void;
    companyProfile2(options: { readonly symbol: string }, callback: Callback): void;
  }
}
