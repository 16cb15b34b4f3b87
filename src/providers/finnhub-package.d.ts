/** The part used here of a package that ships no types. */
declare module 'finnhub' {
  type Callback = (error: unknown, data: unknown) => void;

  export class DefaultApi {
    constructor(apiKey: string);
    /** The one way of the package to the network; every endpoint goes through it. */
    _callApi(path: string, params: Readonly<Record<string, string>>, callback: Callback): void;
    quote(symbol: string, callback: Callback): void;
  }
}
