// Made from the OpenAPI document of the API by `npm run generate:client`. Do not edit.
export interface paths {
    "/prices/poll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every polling job that the caller may know of, newest first */
        get: operations["get_prices_poll"];
        put?: never;
        /**
         * Fetch prices again and again
         * @description Stores the job and answers; the first fetch follows within a second.
         */
        post: operations["post_prices_poll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prices/poll/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One polling job with its newest runs */
        get: operations["get_prices_poll_job_id"];
        put?: never;
        post?: never;
        /** Remove a polling job; the prices it fetched stay */
        delete: operations["delete_prices_poll_job_id"];
        options?: never;
        head?: never;
        /** Change, pause or resume a polling job */
        patch: operations["patch_prices_poll_job_id"];
        trace?: never;
    };
    "/prices/poll/{job_id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run a polling job now, also a paused one */
        post: operations["post_prices_poll_job_id_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prices/latest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The latest price of a symbol, or of many
         * @description From the cache, else the database, else the provider. A price older than `max_age` is asked for anew; where the provider has nothing newer (a closed market) or fails, the newest known one is served with `stale: true`. Name one symbol with `symbol`, or up to 100 with `symbols`: then what fails is listed in `errors` beside the prices.
         */
        get: operations["get_prices_latest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prices/average": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The moving average of a symbol
         * @description The configured window comes from what the consumer stored; any other is computed from the stored prices.
         */
        get: operations["get_prices_average"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prices/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prices as they change, as server-sent events
         * @description Events `snapshot` and then `diff`, `data` as on the socket `/ws/prices`, `id` the sequence. With `Last-Event-ID` it begins with `resumed` and what was missed, or with a snapshot whose `reason` is `resume_expired`. `status` says when prices are stale and when they are live again.
         */
        get: operations["get_prices_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prices/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stored prices, oldest first
         * @description JSON in pages. With `Accept: text/csv` or `application/x-ndjson` everything that is asked for comes as one stream, however long; `limit` then bounds it.
         */
        get: operations["get_prices_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ohlcv/{symbol}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stored bars of one instrument, oldest first
         * @description One series from one source, adjusted when it is read: `raw` as traded, `split` on the present share count, `all` also with dividends reinvested (1 − dividend / close of the session before). JSON in pages; with `Accept: text/csv` or `application/x-ndjson` everything that is asked for comes as one stream, and `limit` bounds it.
         */
        get: operations["get_ohlcv_symbol"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ohlcv/{symbol}/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every revision of one bar, oldest first
         * @description What a source said first, and each time it restated the bar; unadjusted.
         */
        get: operations["get_ohlcv_symbol_revisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ohlcv/{symbol}/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Bars that break their own rules, newest first, each with its reason */
        get: operations["get_ohlcv_symbol_quarantine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/corporate-actions/{symbol}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Dividends, splits and mergers of one instrument, by ex-date
         * @description As each source tells them; an action that two sources tell is there twice, and counts once in an adjustment.
         */
        get: operations["get_corporate_actions_symbol"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/symbols": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Instruments by symbol, spelling or name */
        get: operations["get_symbols"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/symbols/{symbol}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is known of one instrument: spellings, metadata, stored history
         * @description By the pipeline's symbol or any vendor's spelling of it: `BRK.B`, `BRK-B` and `BRK.B.US` are one.
         */
        get: operations["get_symbols_symbol"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/news": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest headlines */
        get: operations["get_news"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/latest-price/{ticker}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The newest price of a ticker, from any provider
         * @description Where no price of the last five minutes is stored, the default provider is asked.
         */
        get: operations["get_latest_price_ticker"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/trigger-update/{ticker}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fetch a ticker from the default provider now
         * @description Its metadata are renewed as well, a little later, when they are older than a day.
         */
        post: operations["post_trigger_update_ticker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tickers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest price and change of every symbol */
        get: operations["get_tickers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tickers/{symbol}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest price and change of one symbol */
        get: operations["get_tickers_symbol"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/markowitz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Markowitz portfolio
         * @description Mean-variance weights (Markowitz 1952) that sum to 1, from stored history, from given `returns`, or from a given yearly `covariance`. The covariance of simple returns is shrunk first (Ledoit-Wolf: 2004 identity target as in scikit-learn, constant correlation 2004, single index 2003), then made yearly. `min_variance` is solved in closed form by Cholesky; `long_only` and `bounds` by a primal active set method whose optimality (KKT) is checked and reported as `kkt_residual`. `risk_tolerance` τ maximises τ · return − variance / 2; `target_return` has the least variance of all with that return; `max_sharpe` is taken over `risk_free_rate`. `condition_number` is that of the covariance used; `risk_contributions` sum to the volatility. Returns and volatilities are per year.
         *
         *     Stores the job and answers; with `wait`, waits for its end.
         */
        post: operations["post_api_v1_markowitz"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/blackscholes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Black-Scholes-Merton option values
         * @description Price and Greeks of European calls and puts on an underlying with a continuous dividend yield (Black and Scholes 1973, Merton 1973), or the implied volatility of a given `price`. Lists of `strike` and `time_to_expiry` value a whole chain. `theta` is per year, `vega` and `rho` per 1.00; `theta_per_day` is per calendar day (/365), `vega_per_1pct` and `rho_per_1pct` per percentage point (/100). At no time or no volatility left the limits are given; a Greek without a bound there is null.
         *
         *     Stores the job and answers; with `wait`, waits for its end.
         */
        post: operations["post_api_v1_blackscholes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/valueatrisk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Value at risk
         * @description Value at risk (VaR) and conditional value at risk (CVaR, expected shortfall) of a portfolio of fixed weights, as losses: a positive figure is money lost. `historical` takes the quantile (type 7) of past daily losses and the mean of the worst 1 − confidence of them (Acerbi and Tasche 2002); `parametric` takes a normal distribution with the mean and covariance (1/(T − 1)) of the sample (Jorion, Value at Risk, 3rd ed., ch. 5). Over `horizon_days` h the historical figures grow with √h (RiskMetrics 1996); in the parametric ones the mean grows with h and the deviation with √h. `contributions` sum to the parametric VaR.
         *
         *     Stores the job and answers; with `wait`, waits for its end.
         */
        post: operations["post_api_v1_valueatrisk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/realisedvolatility": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Realised volatility
         * @description Yearly volatility of each symbol over the whole history, and over a rolling `window`. `close_to_close`: standard deviation (1/(n − 1)) of log returns. `parkinson`: from high and low (Parkinson, The extreme value method for estimating the variance of the rate of return, 1980). `garman_klass`: from open, high, low and close (Garman and Klass, On the estimation of security price volatilities from historical data, 1980: ½ ln(H/L)² − (2 ln 2 − 1) ln(C/O)²). `ewma`: exponentially weighted squares of log returns (RiskMetrics 1996, λ 0.94), begun at the first square; its figure is the last. The range estimators leave out what happens while the market is closed.
         *
         *     Stores the job and answers; with `wait`, waits for its end.
         */
        post: operations["post_api_v1_realisedvolatility"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/montecarlo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Monte Carlo simulation
         * @description Paths of one price or of a holding of several, as correlated geometric Brownian motions dS = μ S dt + σ S dW with exact steps (Glasserman, Monte Carlo Methods in Financial Engineering, 2003, section 3.2). Give spot, drift and volatility; or assets with their correlation; or symbols with start and end, and drift and covariance are estimated from the log returns of the stored history. Rates are per year, continuously compounded; amounts are in the unit of the price. The result has the mean at the horizon with its standard error, percentiles, value at risk and conditional value at risk, the probability of loss, the maximum drawdown, a fan of percentile paths and a sample of paths. Methods: plain, antithetic pairs, a control variate (the weighted log return), and randomised Sobol points with a Brownian bridge. The same seed gives the same bytes.
         *
         *     Stores the job and answers; with `wait`, waits for its end.
         */
        post: operations["post_api_v1_montecarlo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit up to 1000 model jobs at once
         * @description All are stored, or none: one that is invalid is told with its place, and nothing is stored.
         */
        post: operations["post_api_v1_jobs_batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Model jobs, newest first, without their results */
        get: operations["get_api_v1_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One model job and its result */
        get: operations["get_api_v1_jobs_job_id"];
        put?: never;
        post?: never;
        /** Cancel a model job; one that runs is ended within about a second */
        delete: operations["delete_api_v1_jobs_job_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/artifacts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file that a completed job left: JSON, CSV, SVG or HTML */
        get: operations["get_api_v1_jobs_job_id_artifacts_name"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Status and progress of a model job as server-sent events, until it ends
         * @description Events `progress` and at last `end`; `data` is `{job_id, status, progress, attempts, error?}`. The first is the state of the moment, so that a client that was cut off just comes back.
         */
        get: operations["get_api_v1_jobs_job_id_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A ticket for a socket or an event stream, where a page cannot send a key
         * @description Good once and for 30 seconds, as `?ticket=` on `/ws/prices`, `/ws/news`, `/prices/stream` and `/api/v1/jobs/{job_id}/events`; it allows what the key allows. Where no key is required there are tickets too, so that a client that always asks works everywhere.
         */
        post: operations["post_api_v1_tickets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every API key, newest first, without what would be needed to use it */
        get: operations["get_api_v1_keys"];
        put?: never;
        /** Make an API key; its text is in this answer and nowhere else */
        post: operations["post_api_v1_keys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{key_id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a key another secret; the one before stays good for a while */
        post: operations["post_api_v1_keys_key_id_rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a key for good; every process refuses it within five seconds */
        delete: operations["delete_api_v1_keys_key_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every change that was asked for, newest first */
        get: operations["get_api_v1_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What this service is, and where to go; a page of moving prices for a browser */
        get: operations["get_home"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alive: the process answers */
        get: operations["get_healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Ready: the database answers, without which nothing is served for long */
        get: operations["get_readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The service, what it depends on, and how far its consumers are
         * @description `degraded` while the cache or Kafka is away: prices are still served. 503 with the same members while the database is away.
         */
        get: operations["get_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/test-db": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the database answers */
        get: operations["get_test_db"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/prices/test-db": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the database answers */
        get: operations["get_prices_test_db"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The numbers of this process and of the product, for Prometheus
         * @description Every other process tells its own on `METRICS_PORT`. `docs/metrics.md` says what each means. What cannot be read within two seconds is left out.
         */
        get: operations["get_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description, as OpenAPI 3.1 */
        get: operations["get_openapi_json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description to try out, in Swagger UI */
        get: operations["get_docs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/redoc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description to read, in ReDoc */
        get: operations["get_redoc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/asyncapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Topics and sockets, as AsyncAPI 3.0 */
        get: operations["get_asyncapi_json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/asyncapi": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Topics and sockets to read */
        get: operations["get_asyncapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @example {
         *       "job_id": "0b9c6a1e-6f0e-4f55-9a3c-6d2f1c0e7a11",
         *       "status": "accepted",
         *       "config": {
         *         "symbols": [
         *           "AAPL",
         *           "MSFT"
         *         ],
         *         "interval": 60,
         *         "provider": "fixture"
         *       }
         *     }
         */
        PollAccepted: {
            /** Format: uuid */
            job_id: string;
            /** @enum {string} */
            status: "accepted";
            config: {
                symbols: string[];
                interval: number;
                provider: string;
                /** @enum {boolean} */
                market_hours_only?: true;
            };
        };
        Problem: {
            /** @description Names the kind of problem */
            type: string;
            title: string;
            status: number;
            /** @description What, where, expected, got */
            detail: string;
            /** @description The request id, as in X-Request-Id */
            instance: string;
            code: string;
            /** @description Everything that is wrong with the input */
            errors?: {
                path: string;
                message: string;
            }[];
        } & {
            [key: string]: unknown;
        };
        /**
         * @example {
         *       "symbols": [
         *         "AAPL",
         *         "MSFT"
         *       ],
         *       "interval": 60,
         *       "provider": "fixture"
         *     }
         */
        PollRequest: {
            /** @description 1 to 100 symbols; trimmed, upper-cased, each once */
            symbols: string[];
            /** @description Seconds from one fetch to the next */
            interval?: number;
            /** @description Name or alias of a provider; the default provider when left out */
            provider?: string;
            /**
             * @description Skip every run, also one that is asked for, while NYSE and Nasdaq are closed; other listings, currencies and crypto count as always open
             * @default false
             */
            market_hours_only?: boolean;
        };
        PollJob: {
            /** Format: uuid */
            job_id: string;
            /** @enum {string} */
            status: "active" | "paused";
            symbols: string[];
            interval: number;
            provider: string;
            market_hours_only: boolean;
            /** @description Null while paused */
            next_run_at: string | null;
            /** @description Ticks that passed unserved; they are not made up for */
            missed_ticks: number;
            created_at: string;
            last_run: components["schemas"]["PollRun"] | null;
        };
        PollRun: {
            scheduled_for: string;
            started_at: string;
            finished_at: string | null;
            /** @enum {string} */
            outcome: "running" | "succeeded" | "partial" | "failed" | "abandoned" | "skipped";
            /** @description Symbols that got a price */
            quotes: number;
            failures: {
                symbol: string;
                code: string;
                detail: string;
            }[];
        };
        PollJobWithRuns: {
            /** Format: uuid */
            job_id: string;
            /** @enum {string} */
            status: "active" | "paused";
            symbols: string[];
            interval: number;
            provider: string;
            market_hours_only: boolean;
            /** @description Null while paused */
            next_run_at: string | null;
            /** @description Ticks that passed unserved; they are not made up for */
            missed_ticks: number;
            created_at: string;
            last_run: components["schemas"]["PollRun"] | null;
            runs: components["schemas"]["PollRun"][];
        };
        /**
         * @example {
         *       "interval": 30
         *     }
         */
        PollChange: {
            /** @description 1 to 100 symbols; trimmed, upper-cased, each once */
            symbols?: string[];
            /** @description Seconds from one fetch to the next */
            interval?: number;
            /** @enum {string} */
            status?: "active" | "paused";
        };
        /**
         * @example {
         *       "symbol": "AAPL",
         *       "provider": "fixture",
         *       "price": 231.07,
         *       "currency": "USD",
         *       "volume": 1203450,
         *       "timestamp": "2026-01-05T15:00:00.000Z",
         *       "fetched_at": "2026-01-05T15:00:00.412Z",
         *       "event_id": "fixture:AAPL:1767625200000:0:231.07",
         *       "age_ms": 1210,
         *       "stale": false,
         *       "source": "cache"
         *     }
         */
        LatestPrice: {
            symbol: string;
            provider: string;
            price: number;
            currency: string | null;
            volume: number | null;
            /** @description The market's time of the price */
            timestamp: string;
            /** @description When the provider last confirmed it */
            fetched_at: string;
            event_id: string;
            /** @description Milliseconds since timestamp */
            age_ms: number;
            /** @description True when it is older than max_age */
            stale: boolean;
            /** @enum {string} */
            source: "cache" | "database" | "provider";
        };
        LatestPrices: {
            prices: components["schemas"]["LatestPrice"][];
            errors: {
                symbol: string;
                code: string;
                detail: string;
            }[];
        };
        Average: {
            symbol: string;
            provider: string;
            window: number;
            /** @description Arithmetic mean, 15 significant digits */
            average: number;
            /** @description Prices averaged */
            count: number;
            /** @description The market's time of the newest price in it */
            timestamp: string;
            /** @description The averaged prices, oldest first */
            event_ids: string[];
        };
        History: {
            symbol: string;
            provider: string;
            prices: components["schemas"]["PricePoint"][];
            /** @description Give it as cursor for what follows; null at the end */
            next_cursor: string | null;
        };
        PricePoint: {
            event_id: string;
            symbol: string;
            provider: string;
            price: number;
            currency: string | null;
            volume: number | null;
            timestamp: string;
            sequence: number;
            fetched_at: string;
            /** Format: uuid */
            raw_response_id: string | null;
            ingested_at: string;
        };
        BarSeries: {
            /** @description The pipeline's symbol, also when asked by a vendor's spelling */
            symbol: string;
            interval: string;
            /** @enum {string} */
            adjustment: "raw" | "split" | "all";
            /** @description Whose bars these are; null when there are none */
            source: string | null;
            bars: components["schemas"]["Bar"][];
            /** @description Sessions of NYSE and Nasdaq without a bar between the first and last one here; shown, not filled */
            gaps: string[];
            /** @description Corporate actions that the adjustment could not take into account */
            unapplied_actions: {
                kind: string;
                ex_date: string;
                reason: string;
            }[];
            /** @description Give it as cursor for what follows; null at the end */
            next_cursor: string | null;
        };
        Bar: {
            symbol: string;
            interval: string;
            /** @description Start of the session (09:30 in New York for equities) or interval */
            start_at: string;
            /** @description The day it is of: in New York for equities, UTC for fx and crypto */
            session: string;
            open: number;
            high: number;
            low: number;
            close: number;
            volume: number | null;
            source: string;
            /** @description 1, and one more for each time the source restated it */
            revision: number;
            /** @description The archived answer it was made from; null for a file */
            raw_response_id: string | null;
        };
        BarRevisions: {
            symbol: string;
            revisions: components["schemas"]["Bar"][];
        };
        QuarantinedBars: {
            symbol: string;
            quarantined: components["schemas"]["QuarantinedBar"][];
        };
        QuarantinedBar: {
            symbol: string;
            interval: string;
            start_at: string;
            source: string;
            reason: string;
            /** @description What, expected, got */
            detail: string;
            /** @description As the source gave them */
            fields: {
                [key: string]: unknown;
            };
            raw_response_id: string | null;
        };
        CorporateActions: {
            symbol: string;
            actions: components["schemas"]["CorporateAction"][];
        };
        CorporateAction: {
            symbol: string;
            /** @enum {string} */
            kind: "dividend" | "split" | "merger";
            /** @description First session that trades without it */
            ex_date: string;
            /** @description Cash per share in currency; null unless a dividend */
            amount: number | null;
            currency: string | null;
            /** @description New shares for each old one; null for a dividend */
            ratio: number | null;
            /** @description Instrument that takes over; null unless a merger */
            successor: string | null;
            source: string;
        };
        Instruments: {
            symbols: components["schemas"]["Instrument"][];
            next_cursor: string | null;
        };
        Instrument: {
            symbol: string;
            /** @enum {string} */
            asset_class: "equity" | "fx" | "crypto";
            vendor_symbols: components["schemas"]["VendorSymbol"][];
            /** @description Null until a source has told any */
            metadata: {
                name: string | null;
                sector: string | null;
                industry: string | null;
                currency: string | null;
                exchange: string | null;
                market_cap: number | null;
                source: string | null;
                last_updated: string;
            } | null;
        };
        VendorSymbol: {
            vendor: string;
            spelling: string;
            /** @description First day of this spelling; null where it has none */
            valid_from: string | null;
            /** @description Last day of this spelling; null while it is in use */
            valid_to: string | null;
        };
        CoveredInstrument: {
            symbol: string;
            /** @enum {string} */
            asset_class: "equity" | "fx" | "crypto";
            vendor_symbols: components["schemas"]["VendorSymbol"][];
            /** @description Null until a source has told any */
            metadata: {
                name: string | null;
                sector: string | null;
                industry: string | null;
                currency: string | null;
                exchange: string | null;
                market_cap: number | null;
                source: string | null;
                last_updated: string;
            } | null;
            coverage: components["schemas"]["BarCoverage"][];
        };
        BarCoverage: {
            source: string;
            interval: string;
            bars: number;
            first_at: string;
            last_at: string;
        };
        News: {
            news: components["schemas"]["NewsItem"][];
            next_cursor: string | null;
        };
        NewsItem: {
            news_id: string;
            symbol: string;
            headline: string;
            summary: string | null;
            /** Format: uri */
            url: string;
            source: string;
            published_at: string;
        };
        TickerPrice: {
            ticker: string;
            price: number;
            volume: number | null;
            market_cap: number | null;
            timestamp: string;
        };
        TriggeredUpdate: {
            /** @enum {string} */
            status: "success";
            message: string;
            ticker: string;
            price: number;
            timestamp: string;
        };
        Tickers: {
            [key: string]: components["schemas"]["Ticker"];
        };
        Ticker: {
            price: number;
            /** @description Against the last price before the price's UTC day, else the first price of that day */
            change: number;
            change_percent: number;
            currency: string | null;
            provider: string;
            timestamp: string;
            fetched_at: string;
        };
        ModelJobWithResult: {
            /** Format: uuid */
            job_id: string;
            /** @enum {string} */
            status: "queued" | "running" | "completed" | "failed" | "cancelled";
            model: string;
            /** @description Where the job, its events and, once it is completed, its result and report are */
            links: {
                [key: string]: string;
            };
            /** @description 0 to 1 */
            progress: number;
            /** @description Validated, defaults filled in */
            params: {
                [key: string]: unknown;
            };
            created_at: string;
            started_at: string | null;
            finished_at: string | null;
            /** @description How often a runner began it */
            attempts: number;
            /** @description The few figures that tell most */
            metrics: {
                [key: string]: number;
            };
            /** @description What to know before trusting the figures */
            warnings: string[];
            /** @description Why it failed; also set while another attempt waits */
            error: {
                code: string;
                message: string;
            } | null;
            artifacts: components["schemas"]["ModelArtifact"][];
            /** @description The content of result.json; null until the job is completed */
            result?: unknown;
        };
        ModelArtifact: {
            name: string;
            content_type: string;
            bytes: number;
            /** @description Hexadecimal */
            sha256: string;
            href: string;
        };
        /**
         * @example {
         *       "job_id": "3f6d0c52-8a4e-4c8e-9a53-5a1de3f0b7c4",
         *       "status": "queued",
         *       "model": "blackscholes",
         *       "links": {
         *         "self": "/api/v1/jobs/3f6d0c52-8a4e-4c8e-9a53-5a1de3f0b7c4",
         *         "events": "/api/v1/jobs/3f6d0c52-8a4e-4c8e-9a53-5a1de3f0b7c4/events",
         *         "result": "/api/v1/jobs/3f6d0c52-8a4e-4c8e-9a53-5a1de3f0b7c4/artifacts/result.json",
         *         "report": "/api/v1/jobs/3f6d0c52-8a4e-4c8e-9a53-5a1de3f0b7c4/artifacts/report.html"
         *       }
         *     }
         */
        ModelJobAccepted: {
            /** Format: uuid */
            job_id: string;
            /** @enum {string} */
            status: "queued" | "running" | "completed" | "failed" | "cancelled";
            model: string;
            /** @description Where the job, its events and, once it is completed, its result and report are */
            links: {
                [key: string]: string;
            };
        };
        /**
         * @example {
         *       "symbols": [
         *         "AAPL",
         *         "MSFT"
         *       ],
         *       "start": "2024-01-01",
         *       "end": "2024-12-31",
         *       "params": {
         *         "long_only": true
         *       }
         *     }
         */
        MarkowitzRequest: {
            /**
             * @description 1 to 100 symbols; trimmed, upper-cased, each once
             * @example [
             *       "AAPL",
             *       "MSFT"
             *     ]
             */
            symbols?: string[];
            /**
             * Format: date
             * @description First day of the history, `YYYY-MM-DD`, inclusive
             * @example 2024-01-01
             */
            start?: string;
            /**
             * Format: date
             * @description Last day of the history, `YYYY-MM-DD`, inclusive; after `start`
             * @example 2024-12-31
             */
            end?: string;
            /**
             * @description How series are brought onto common sessions; named in the result
             * @example {
             *       "join": "inner",
             *       "max_forward_fill": 0,
             *       "min_sessions": 20
             *     }
             */
            missing_data?: {
                /**
                 * @description Only sessions that every instrument has, after filling
                 * @default inner
                 * @example inner
                 * @enum {string}
                 */
                join?: "inner";
                /**
                 * @description A missing session takes the last close, at most this many in a row
                 * @default 0
                 * @example 0
                 */
                max_forward_fill?: number;
                /**
                 * @description Fewer common sessions than this is an error
                 * @default 20
                 * @example 20
                 */
                min_sessions?: number;
            };
            /**
             * @description In place of symbols: simple returns, one row for each period, one column for each asset
             * @example [
             *       [
             *         0.01,
             *         0.02
             *       ]
             *     ]
             */
            returns?: number[][];
            /**
             * @description In place of symbols: yearly covariance of the returns, symmetric and positive definite
             * @example [
             *       [
             *         0.04
             *       ]
             *     ]
             */
            covariance?: number[][];
            /**
             * @description Yearly, one for each asset, in place of the means of the history; beside a covariance only min_variance needs none
             * @example [
             *       0.08
             *     ]
             */
            expected_returns?: number[];
            /**
             * @description Names for the columns of returns or covariance; default asset_1, asset_2, …
             * @example [
             *       "stocks"
             *     ]
             */
            assets?: string[];
            /**
             * @description What is sought and under which bounds
             * @default {}
             * @example {
             *       "long_only": true
             *     }
             */
            params?: {
                /**
                 * @description Left out: target_return or risk_tolerance when that is given, else min_variance
                 * @example min_variance
                 * @enum {string}
                 */
                objective?: "min_variance" | "max_sharpe" | "risk_tolerance" | "target_return";
                /**
                 * @description What the sample covariance is shrunk towards (Ledoit-Wolf); none for the sample covariance; no effect on a given covariance
                 * @default identity
                 * @example identity
                 * @enum {string}
                 */
                target?: "identity" | "constant_correlation" | "single_index" | "none";
                /**
                 * @description A year; default 0
                 * @default 0
                 * @example 0
                 */
                risk_free_rate?: number;
                /**
                 * @description τ ≥ 0: maximises τ · return − variance / 2; 0 is the minimum variance
                 * @example 0.1
                 */
                risk_tolerance?: number;
                /**
                 * @description Expected return a year that the weights must have: 0.1 is 10 %
                 * @example 0.1
                 */
                target_return?: number;
                /**
                 * @description No weight below 0 or above 1
                 * @default false
                 * @example false
                 */
                long_only?: boolean;
                /**
                 * @description Bounds of the weights
                 * @example {
                 *       "min": 0,
                 *       "max": 0.6
                 *     }
                 */
                bounds?: {
                    /**
                     * @description Least weight, of all or by symbol
                     * @example 0
                     */
                    min?: number | {
                        [key: string]: number;
                    };
                    /**
                     * @description Greatest weight, of all or by symbol
                     * @example 0.4
                     */
                    max?: number | {
                        [key: string]: number;
                    };
                };
                /**
                 * @description By which means and covariances of one period become yearly, after shrinking
                 * @default 252
                 * @example 252
                 */
                periods_per_year?: number;
                /**
                 * @description Points of the frontier; 0 for none
                 * @default 25
                 * @example 25
                 */
                frontier_points?: number;
            };
        };
        /**
         * @example {
         *       "option_type": "call",
         *       "spot": 42,
         *       "strike": 40,
         *       "rate": 0.1,
         *       "volatility": 0.2,
         *       "time_to_expiry": 0.5
         *     }
         */
        BlackscholesRequest: {
            /**
             * @description Which options to value
             * @default call
             * @example call
             * @enum {string}
             */
            option_type?: "call" | "put" | "both";
            /**
             * @description Price of the underlying today
             * @example 42
             */
            spot: number;
            /**
             * @description Strike, or strikes of a chain
             * @example 40
             */
            strike: number | number[];
            /**
             * @description Years to expiry, or expiries of a chain; 0 gives the values at expiry
             * @example 0.5
             */
            time_to_expiry: number | number[];
            /**
             * @description Riskless rate a year, continuously compounded: 0.1 is 10 %
             * @example 0.1
             */
            rate: number;
            /**
             * @description Dividend yield a year, continuously compounded; default 0
             * @default 0
             * @example 0
             */
            dividend_yield?: number;
            /**
             * @description Volatility a year: 0.2 is 20 %; left out where a price is given
             * @example 0.2
             */
            volatility?: number;
            /**
             * @description Price of a single call or put, to find the implied volatility from
             * @example 4.76
             */
            price?: number;
        };
        /**
         * @example {
         *       "symbols": [
         *         "AAPL",
         *         "MSFT"
         *       ],
         *       "start": "2024-01-01",
         *       "end": "2024-12-31"
         *     }
         */
        ValueatriskRequest: {
            /**
             * @description 1 to 100 symbols; trimmed, upper-cased, each once
             * @example [
             *       "AAPL",
             *       "MSFT"
             *     ]
             */
            symbols: string[];
            /**
             * Format: date
             * @description First day of the history, `YYYY-MM-DD`, inclusive
             * @example 2024-01-01
             */
            start: string;
            /**
             * Format: date
             * @description Last day of the history, `YYYY-MM-DD`, inclusive; after `start`
             * @example 2024-12-31
             */
            end: string;
            /**
             * @description How series are brought onto common sessions; named in the result
             * @default {}
             * @example {
             *       "join": "inner",
             *       "max_forward_fill": 0,
             *       "min_sessions": 20
             *     }
             */
            missing_data?: {
                /**
                 * @description Only sessions that every instrument has, after filling
                 * @default inner
                 * @example inner
                 * @enum {string}
                 */
                join?: "inner";
                /**
                 * @description A missing session takes the last close, at most this many in a row
                 * @default 0
                 * @example 0
                 */
                max_forward_fill?: number;
                /**
                 * @description Fewer common sessions than this is an error
                 * @default 20
                 * @example 20
                 */
                min_sessions?: number;
            };
            /**
             * @description Parameters of the model; all have defaults
             * @default {}
             * @example {}
             */
            params?: {
                /**
                 * @description Share of each symbol in the value, in their order, summing to 1; below 0 is short; default: equal
                 * @example [
                 *       0.6,
                 *       0.4
                 *     ]
                 */
                weights?: number[];
                /**
                 * @description Probability that the loss is at most the value at risk
                 * @default 0.95
                 * @example 0.95
                 */
                confidence?: number;
                /**
                 * @description Trading days the portfolio is held
                 * @default 1
                 * @example 1
                 */
                horizon_days?: number;
                /**
                 * @description Value today, in which losses are told; 1 tells them as shares
                 * @default 1
                 * @example 1000000
                 */
                portfolio_value?: number;
            };
        };
        /**
         * @example {
         *       "symbols": [
         *         "AAPL",
         *         "MSFT"
         *       ],
         *       "start": "2024-01-01",
         *       "end": "2024-12-31"
         *     }
         */
        RealisedvolatilityRequest: {
            /**
             * @description 1 to 100 symbols; trimmed, upper-cased, each once
             * @example [
             *       "AAPL",
             *       "MSFT"
             *     ]
             */
            symbols: string[];
            /**
             * Format: date
             * @description First day of the history, `YYYY-MM-DD`, inclusive
             * @example 2024-01-01
             */
            start: string;
            /**
             * Format: date
             * @description Last day of the history, `YYYY-MM-DD`, inclusive; after `start`
             * @example 2024-12-31
             */
            end: string;
            /**
             * @description How series are brought onto common sessions; named in the result
             * @default {}
             * @example {
             *       "join": "inner",
             *       "max_forward_fill": 0,
             *       "min_sessions": 20
             *     }
             */
            missing_data?: {
                /**
                 * @description Only sessions that every instrument has, after filling
                 * @default inner
                 * @example inner
                 * @enum {string}
                 */
                join?: "inner";
                /**
                 * @description A missing session takes the last close, at most this many in a row
                 * @default 0
                 * @example 0
                 */
                max_forward_fill?: number;
                /**
                 * @description Fewer common sessions than this is an error
                 * @default 20
                 * @example 20
                 */
                min_sessions?: number;
            };
            /**
             * @description Parameters of the model; all have defaults
             * @default {}
             * @example {}
             */
            params?: {
                /**
                 * @description Sessions of the rolling series
                 * @default 21
                 * @example 21
                 */
                window?: number;
                /**
                 * @description Sessions a year; volatilities are multiplied by its square root
                 * @default 252
                 * @example 252
                 */
                periods_per_year?: number;
                /**
                 * @description Weight of the variance before, in the exponentially weighted one
                 * @default 0.94
                 * @example 0.94
                 */
                ewma_lambda?: number;
            };
        };
        /**
         * @example {
         *       "spot": 100,
         *       "drift": 0.05,
         *       "volatility": 0.2,
         *       "horizon": 1,
         *       "time_steps": 252,
         *       "simulations": 10000
         *     }
         */
        MontecarloRequest: {
            /** @description Price today, for one asset */
            spot?: number;
            /** @description Growth rate of the expected price, a year, continuously compounded: 0.05 is 5 % */
            drift?: number;
            /** @description Standard deviation of the log return over a year: 0.2 is 20 % */
            volatility?: number;
            /** @description Several assets, in place of spot, drift and volatility */
            assets?: {
                /** @description A name for the result */
                symbol: string;
                /** @description Growth rate of the expected price, a year, continuously compounded: 0.05 is 5 % */
                drift: number;
                /** @description Standard deviation of the log return over a year: 0.2 is 20 % */
                volatility: number;
            }[];
            /** @description Correlations of the log returns of `assets`, row by row; default: none */
            correlation?: number[][];
            /**
             * @description 1 to 100 symbols; trimmed, upper-cased, each once
             * @example [
             *       "AAPL",
             *       "MSFT"
             *     ]
             */
            symbols?: string[];
            /**
             * Format: date
             * @description First day of the history, `YYYY-MM-DD`, inclusive
             * @example 2024-01-01
             */
            start?: string;
            /**
             * Format: date
             * @description Last day of the history, `YYYY-MM-DD`, inclusive; after `start`
             * @example 2024-12-31
             */
            end?: string;
            /**
             * @description How series are brought onto common sessions; named in the result
             * @example {
             *       "join": "inner",
             *       "max_forward_fill": 0,
             *       "min_sessions": 20
             *     }
             */
            missing_data?: {
                /**
                 * @description Only sessions that every instrument has, after filling
                 * @default inner
                 * @example inner
                 * @enum {string}
                 */
                join?: "inner";
                /**
                 * @description A missing session takes the last close, at most this many in a row
                 * @default 0
                 * @example 0
                 */
                max_forward_fill?: number;
                /**
                 * @description Fewer common sessions than this is an error
                 * @default 20
                 * @example 20
                 */
                min_sessions?: number;
            };
            /** @description Shares of the assets in the starting value, in their order, summing to 1; default: equal */
            weights?: number[];
            /** @description Value of the holding today; default: the price of a single asset, 100 for several */
            initial_value?: number;
            /** @description Years; default: time_steps / 252, a step being a trading day */
            horizon?: number;
            /** @description Steps of each path; default 252 */
            time_steps?: number;
            /** @description Paths; default 10,000 */
            simulations?: number;
            /** @description Whole number; the same seed gives the same bytes. Default 42 */
            seed?: number;
            /**
             * @description How random numbers become paths; default plain
             * @enum {string}
             */
            method?: "plain" | "antithetic" | "control_variate" | "sobol";
            /** @description Of value at risk and conditional value at risk; default 0.95 and 0.99 */
            confidence_levels?: number[];
            /** @description Single paths in the output; default 20 */
            sample_paths?: number;
            /** @description The same fields, as one object */
            params?: {
                /** @description Price today, for one asset */
                spot?: number;
                /** @description Growth rate of the expected price, a year, continuously compounded: 0.05 is 5 % */
                drift?: number;
                /** @description Standard deviation of the log return over a year: 0.2 is 20 % */
                volatility?: number;
                /** @description Several assets, in place of spot, drift and volatility */
                assets?: {
                    /** @description A name for the result */
                    symbol: string;
                    /** @description Growth rate of the expected price, a year, continuously compounded: 0.05 is 5 % */
                    drift: number;
                    /** @description Standard deviation of the log return over a year: 0.2 is 20 % */
                    volatility: number;
                }[];
                /** @description Correlations of the log returns of `assets`, row by row; default: none */
                correlation?: number[][];
                /**
                 * @description 1 to 100 symbols; trimmed, upper-cased, each once
                 * @example [
                 *       "AAPL",
                 *       "MSFT"
                 *     ]
                 */
                symbols?: string[];
                /**
                 * Format: date
                 * @description First day of the history, `YYYY-MM-DD`, inclusive
                 * @example 2024-01-01
                 */
                start?: string;
                /**
                 * Format: date
                 * @description Last day of the history, `YYYY-MM-DD`, inclusive; after `start`
                 * @example 2024-12-31
                 */
                end?: string;
                /**
                 * @description How series are brought onto common sessions; named in the result
                 * @example {
                 *       "join": "inner",
                 *       "max_forward_fill": 0,
                 *       "min_sessions": 20
                 *     }
                 */
                missing_data?: {
                    /**
                     * @description Only sessions that every instrument has, after filling
                     * @default inner
                     * @example inner
                     * @enum {string}
                     */
                    join?: "inner";
                    /**
                     * @description A missing session takes the last close, at most this many in a row
                     * @default 0
                     * @example 0
                     */
                    max_forward_fill?: number;
                    /**
                     * @description Fewer common sessions than this is an error
                     * @default 20
                     * @example 20
                     */
                    min_sessions?: number;
                };
                /** @description Shares of the assets in the starting value, in their order, summing to 1; default: equal */
                weights?: number[];
                /** @description Value of the holding today; default: the price of a single asset, 100 for several */
                initial_value?: number;
                /** @description Years; default: time_steps / 252, a step being a trading day */
                horizon?: number;
                /** @description Steps of each path; default 252 */
                time_steps?: number;
                /** @description Paths; default 10,000 */
                simulations?: number;
                /** @description Whole number; the same seed gives the same bytes. Default 42 */
                seed?: number;
                /**
                 * @description How random numbers become paths; default plain
                 * @enum {string}
                 */
                method?: "plain" | "antithetic" | "control_variate" | "sobol";
                /** @description Of value at risk and conditional value at risk; default 0.95 and 0.99 */
                confidence_levels?: number[];
                /** @description Single paths in the output; default 20 */
                sample_paths?: number;
            };
        };
        /**
         * @example {
         *       "jobs": [
         *         {
         *           "model": "markowitz",
         *           "params": {
         *             "symbols": [
         *               "AAPL",
         *               "MSFT"
         *             ],
         *             "start": "2024-01-01",
         *             "end": "2024-12-31",
         *             "params": {
         *               "long_only": true
         *             }
         *           }
         *         }
         *       ]
         *     }
         */
        ModelBatchRequest: {
            jobs: {
                /** @description One of markowitz, blackscholes, valueatrisk, realisedvolatility, montecarlo */
                model: string;
                /** @description As the route of the model takes them */
                params: {
                    [key: string]: unknown;
                };
            }[];
        };
        ModelJob: {
            /** Format: uuid */
            job_id: string;
            /** @enum {string} */
            status: "queued" | "running" | "completed" | "failed" | "cancelled";
            model: string;
            /** @description Where the job, its events and, once it is completed, its result and report are */
            links: {
                [key: string]: string;
            };
            /** @description 0 to 1 */
            progress: number;
            /** @description Validated, defaults filled in */
            params: {
                [key: string]: unknown;
            };
            created_at: string;
            started_at: string | null;
            finished_at: string | null;
            /** @description How often a runner began it */
            attempts: number;
            /** @description The few figures that tell most */
            metrics: {
                [key: string]: number;
            };
            /** @description What to know before trusting the figures */
            warnings: string[];
            /** @description Why it failed; also set while another attempt waits */
            error: {
                code: string;
                message: string;
            } | null;
            artifacts: components["schemas"]["ModelArtifact"][];
        };
        ApiKey: {
            key_id: string;
            name: string;
            /** @enum {string} */
            state: "active" | "expired" | "revoked";
            scopes: ("prices:read" | "jobs:write" | "models:run" | "admin")[];
            created_at: string;
            /** @description Null: it does not expire */
            expires_at: string | null;
            revoked_at: string | null;
            /** @description To the minute */
            last_used_at: string | null;
        };
        ApiKeyWithText: {
            key_id: string;
            name: string;
            /** @enum {string} */
            state: "active" | "expired" | "revoked";
            scopes: ("prices:read" | "jobs:write" | "models:run" | "admin")[];
            created_at: string;
            /** @description Null: it does not expire */
            expires_at: string | null;
            revoked_at: string | null;
            /** @description To the minute */
            last_used_at: string | null;
            /** @description What its holder sends. It is shown this once and stored nowhere */
            key: string;
        };
        /**
         * @example {
         *       "name": "dashboard",
         *       "scopes": [
         *         "prices:read",
         *         "models:run"
         *       ]
         *     }
         */
        ApiKeyRequest: {
            /** @description Whose it is or what it is for; free again once the key is revoked */
            name: string;
            /** @description What it may do; `admin` may do everything */
            scopes: ("prices:read" | "jobs:write" | "models:run" | "admin")[];
            /** @description Never when left out */
            expires_at?: string;
        };
        /**
         * @example {
         *       "grace_seconds": 3600
         *     }
         */
        ApiKeyRotation: {
            /**
             * @description How long the secret before stays good; an older one is void at once
             * @default 86400
             */
            grace_seconds?: number;
        };
        AuditEntry: {
            /** Format: uuid */
            audit_id: string;
            at: string;
            /** @description Whose key; null for the command line, and where none was required */
            key_id: string | null;
            action: string;
            /** @description What it was done to, where that is known */
            target: string | null;
            /** @description Of the answer; null while it is being made, and where that was cut off */
            status: number | null;
            request_id: string;
            address: string;
        };
        Service: {
            /** @enum {string} */
            name: "tickwire";
            version: string;
            /** @enum {string} */
            status: "ok";
            links: {
                [key: string]: string;
            };
        };
        Health: {
            /** @enum {string} */
            status: "ok" | "degraded";
            service: {
                /** @enum {string} */
                name: "tickwire";
                version: string;
                uptime_seconds: number;
            };
            dependencies: {
                database: {
                    /** @enum {string} */
                    status: "up" | "down";
                    latency_ms: number | null;
                    detail?: string;
                };
                cache: {
                    /** @enum {string} */
                    status: "up" | "down";
                    latency_ms: number | null;
                    detail?: string;
                };
                kafka: {
                    /** @enum {string} */
                    status: "up" | "down";
                    latency_ms: number | null;
                    detail?: string;
                };
            };
            consumers: {
                name: string;
                title: string;
                group: string;
                topic: string;
                /** @description Events not handled yet; null while Kafka does not say */
                lag: number | null;
                /** @description Events behind it, counted by their offsets: it grows by one with each event that is handled */
                handled: number | null;
            }[];
            topics: {
                name: string;
                /** @description Records ever published; null while Kafka does not say */
                published: number | null;
            }[];
            dead_letters: {
                /** @description Records put aside that are still kept */
                records: number | null;
            };
            models: {
                name: string;
            }[];
            providers: {
                name: string;
                title: string;
                configured: boolean;
                missing: string[];
                /** @enum {string} */
                breaker: "closed" | "open" | "half-open";
            }[];
            outbox: {
                /** @description Stored answers not on the topic yet */
                unpublished: number | null;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_prices_poll: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The jobs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        jobs: components["schemas"]["PollJob"][];
                    };
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_prices_poll: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body gives the same job */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PollRequest"];
            };
        };
        responses: {
            /** @description The job is stored */
            202: {
                headers: {
                    /** @description Where the job is */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PollAccepted"];
                };
            };
            /** @description `INVALID_INPUT`, `PROVIDER_UNKNOWN` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PROVIDER_NOT_CONFIGURED` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_prices_poll_job_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From POST /prices/poll */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PollJobWithRuns"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_prices_poll_job_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From POST /prices/poll */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_prices_poll_job_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From POST /prices/poll */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PollChange"];
            };
        };
        responses: {
            /** @description The changed job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PollJobWithRuns"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_prices_poll_job_id_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From POST /prices/poll */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will run within a second */
            202: {
                headers: {
                    /** @description Where the job is */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        job_id: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_prices_latest: {
        parameters: {
            query?: {
                /** @description Trimmed and upper-cased; 1 to 32 of A-Z 0-9 . - = ^ : / */
                symbol?: string;
                /** @description 1 to 100 symbols separated by commas, instead of symbol */
                symbols?: string;
                /** @description Name or alias of a provider; the default provider when left out */
                provider?: string;
                /** @description Seconds; what is older is not served as fresh */
                max_age?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The price, or with symbols the prices and what failed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LatestPrice"] | components["schemas"]["LatestPrices"];
                };
            };
            /** @description `INVALID_INPUT`, `PROVIDER_UNKNOWN` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SYMBOL_UNKNOWN` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PROVIDER_NOT_CONFIGURED` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`, `PROVIDER_RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PROVIDER_UNAVAILABLE`, `PROVIDER_REFUSED`, `QUOTE_INVALID` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PROVIDER_TIMEOUT` */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_prices_average: {
        parameters: {
            query: {
                /** @description Trimmed and upper-cased; 1 to 32 of A-Z 0-9 . - = ^ : / */
                symbol: string;
                /** @description Name or alias of a provider; the default provider when left out */
                provider?: string;
                /** @description Prices in the average; the configured number when left out */
                window?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The average */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Average"];
                };
            };
            /** @description `INVALID_INPUT`, `PROVIDER_UNKNOWN` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `AVERAGE_NOT_READY` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_prices_stream: {
        parameters: {
            query?: {
                /** @description Symbols separated by commas; all when left out */
                symbols?: string;
                /** @description From POST /api/v1/tickets, good once, instead of a key in a header */
                ticket?: string;
            };
            header?: {
                /** @description The id of the last event the client has: it is told what came after it */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE`, `LIVE_FULL` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_prices_history: {
        parameters: {
            query: {
                /** @description Trimmed and upper-cased; 1 to 32 of A-Z 0-9 . - = ^ : / */
                symbol: string;
                /** @description Name or alias of a provider; the default provider when left out */
                provider?: string;
                /** @description First market time, inclusive */
                start?: string;
                /** @description Last market time, exclusive */
                end?: string;
                /** @description Prices in the answer; in JSON 1000 when left out */
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The prices */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                    /** @example event_id,symbol,provider,price,currency,volume,timestamp,sequence,fetched_at,raw_response_id,ingested_at */
                    "text/csv": string;
                    "application/x-ndjson": string;
                };
            };
            /** @description `INVALID_INPUT`, `PROVIDER_UNKNOWN` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_ohlcv_symbol: {
        parameters: {
            query?: {
                /** @description First start of a bar, inclusive */
                start?: string;
                /** @description Last start of a bar, exclusive */
                end?: string;
                /** @description Length of a bar */
                interval?: "1m" | "5m" | "15m" | "1h" | "1d";
                /** @description Computed when reading; stored bars never change */
                adjustment?: "raw" | "split" | "all";
                /** @description Whose bars; when left out the source with the most, of equals the first by name */
                source?: string;
                /** @description Bars in the answer; in JSON 1000 when left out */
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Trimmed and upper-cased; 1 to 32 of A-Z 0-9 . - = ^ : / */
                symbol: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bars */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BarSeries"];
                    /** @example symbol,interval,start_at,session,open,high,low,close,volume,source,revision,raw_response_id */
                    "text/csv": string;
                    "application/x-ndjson": string;
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SYMBOL_UNKNOWN` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_ohlcv_symbol_revisions: {
        parameters: {
            query: {
                /** @description start_at of the bar */
                start_at: string;
                /** @description Length of a bar */
                interval?: "1m" | "5m" | "15m" | "1h" | "1d";
                /** @description Whose bars; when left out the source with the most, of equals the first by name */
                source?: string;
            };
            header?: never;
            path: {
                /** @description Trimmed and upper-cased; 1 to 32 of A-Z 0-9 . - = ^ : / */
                symbol: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The revisions; none for a bar that is not stored */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BarRevisions"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SYMBOL_UNKNOWN` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_ohlcv_symbol_quarantine: {
        parameters: {
            query?: {
                /** @description Whose bars; when left out the source with the most, of equals the first by name */
                source?: string;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Trimmed and upper-cased; 1 to 32 of A-Z 0-9 . - = ^ : / */
                symbol: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bars */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuarantinedBars"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SYMBOL_UNKNOWN` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_corporate_actions_symbol: {
        parameters: {
            query?: {
                /** @description First ex-date, inclusive */
                start?: string;
                /** @description Last ex-date, inclusive */
                end?: string;
                /** @description Only what this source tells */
                source?: string;
            };
            header?: never;
            path: {
                /** @description Trimmed and upper-cased; 1 to 32 of A-Z 0-9 . - = ^ : / */
                symbol: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The actions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CorporateActions"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SYMBOL_UNKNOWN` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_symbols: {
        parameters: {
            query?: {
                /** @description Part of a symbol, of a vendor's spelling or of a name, in any case; all instruments when left out */
                query?: string;
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Instruments, by symbol */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instruments"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_symbols_symbol: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Trimmed and upper-cased; 1 to 32 of A-Z 0-9 . - = ^ : / */
                symbol: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The instrument */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CoveredInstrument"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SYMBOL_UNKNOWN` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_news: {
        parameters: {
            query?: {
                /** @description Symbols separated by commas; all when left out */
                symbols?: string;
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["News"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_latest_price_ticker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Trimmed and upper-cased; 1 to 32 of A-Z 0-9 . - = ^ : / */
                ticker: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The price */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TickerPrice"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SYMBOL_UNKNOWN` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PROVIDER_NOT_CONFIGURED` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`, `PROVIDER_RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PROVIDER_UNAVAILABLE`, `PROVIDER_REFUSED`, `QUOTE_INVALID` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PROVIDER_TIMEOUT` */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_trigger_update_ticker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Trimmed and upper-cased; 1 to 32 of A-Z 0-9 . - = ^ : / */
                ticker: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was fetched, and is on its way through the pipeline */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TriggeredUpdate"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SYMBOL_UNKNOWN` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PROVIDER_NOT_CONFIGURED` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PROVIDER_UNAVAILABLE` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By symbol */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tickers"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tickers_symbol: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Trimmed and upper-cased; 1 to 32 of A-Z 0-9 . - = ^ : / */
                symbol: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The price */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticker"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_v1_markowitz: {
        parameters: {
            query?: {
                /** @description Seconds to wait for the end of the job before answering */
                wait?: number;
            };
            header?: {
                /** @description The same key with the same body makes nothing twice */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MarkowitzRequest"];
            };
        };
        responses: {
            /** @description With `wait`: the job ended in time; `status` says how */
            200: {
                headers: {
                    /** @description Where the job is */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelJobWithResult"];
                };
            };
            /** @description The job is stored */
            202: {
                headers: {
                    /** @description Where the job is */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelJobAccepted"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SYMBOL_UNKNOWN` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HISTORY_MISSING` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_v1_blackscholes: {
        parameters: {
            query?: {
                /** @description Seconds to wait for the end of the job before answering */
                wait?: number;
            };
            header?: {
                /** @description The same key with the same body makes nothing twice */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BlackscholesRequest"];
            };
        };
        responses: {
            /** @description With `wait`: the job ended in time; `status` says how */
            200: {
                headers: {
                    /** @description Where the job is */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelJobWithResult"];
                };
            };
            /** @description The job is stored */
            202: {
                headers: {
                    /** @description Where the job is */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelJobAccepted"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SYMBOL_UNKNOWN` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HISTORY_MISSING` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_v1_valueatrisk: {
        parameters: {
            query?: {
                /** @description Seconds to wait for the end of the job before answering */
                wait?: number;
            };
            header?: {
                /** @description The same key with the same body makes nothing twice */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ValueatriskRequest"];
            };
        };
        responses: {
            /** @description With `wait`: the job ended in time; `status` says how */
            200: {
                headers: {
                    /** @description Where the job is */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelJobWithResult"];
                };
            };
            /** @description The job is stored */
            202: {
                headers: {
                    /** @description Where the job is */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelJobAccepted"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SYMBOL_UNKNOWN` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HISTORY_MISSING` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_v1_realisedvolatility: {
        parameters: {
            query?: {
                /** @description Seconds to wait for the end of the job before answering */
                wait?: number;
            };
            header?: {
                /** @description The same key with the same body makes nothing twice */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RealisedvolatilityRequest"];
            };
        };
        responses: {
            /** @description With `wait`: the job ended in time; `status` says how */
            200: {
                headers: {
                    /** @description Where the job is */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelJobWithResult"];
                };
            };
            /** @description The job is stored */
            202: {
                headers: {
                    /** @description Where the job is */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelJobAccepted"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SYMBOL_UNKNOWN` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HISTORY_MISSING` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_v1_montecarlo: {
        parameters: {
            query?: {
                /** @description Seconds to wait for the end of the job before answering */
                wait?: number;
            };
            header?: {
                /** @description The same key with the same body makes nothing twice */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MontecarloRequest"];
            };
        };
        responses: {
            /** @description With `wait`: the job ended in time; `status` says how */
            200: {
                headers: {
                    /** @description Where the job is */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelJobWithResult"];
                };
            };
            /** @description The job is stored */
            202: {
                headers: {
                    /** @description Where the job is */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelJobAccepted"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SYMBOL_UNKNOWN` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HISTORY_MISSING` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_v1_jobs_batch: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body makes nothing twice */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModelBatchRequest"];
            };
        };
        responses: {
            /** @description The jobs are stored, in the order of the request */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        jobs: components["schemas"]["ModelJobAccepted"][];
                    };
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SYMBOL_UNKNOWN` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HISTORY_MISSING` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_v1_jobs: {
        parameters: {
            query?: {
                status?: "queued" | "running" | "completed" | "failed" | "cancelled";
                /** @description Only jobs of this model */
                model?: string;
                /** @description Jobs in the answer; 50 when left out */
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The jobs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        jobs: components["schemas"]["ModelJob"][];
                        /** @description Give it as cursor for what follows; null at the end */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_v1_jobs_job_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From the submission */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelJobWithResult"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_api_v1_jobs_job_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From the submission */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is cancelled */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelJob"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_v1_jobs_job_id_artifacts_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From the submission */
                job_id: string;
                /** @description From `artifacts` of the job */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "text/csv": string;
                    "image/svg+xml": string;
                    "text/html": string;
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE`, `ARTIFACTS_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_v1_jobs_job_id_events: {
        parameters: {
            query?: {
                /** @description From POST /api/v1/tickets, good once, instead of a key in a header */
                ticket?: string;
            };
            header?: {
                "last-event-id"?: string;
            };
            path: {
                /** @description From the submission */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_v1_tickets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ticket */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ticket: string;
                        expires_at: string;
                    };
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_v1_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        keys: components["schemas"]["ApiKey"][];
                    };
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_v1_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyRequest"];
            };
        };
        responses: {
            /** @description The key */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyWithText"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_api_v1_keys_key_id_rotate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From GET /api/v1/keys */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ApiKeyRotation"];
            };
        };
        responses: {
            /** @description The key */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyWithText"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_api_v1_keys_key_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From GET /api/v1/keys */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_v1_audit: {
        parameters: {
            query?: {
                /** @description Only changes asked for with this key */
                key_id?: string;
                /** @description Only these */
                action?: string;
                /** @description Entries in the answer; 50 when left out */
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        entries: components["schemas"]["AuditEntry"][];
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_home: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Service"];
                    "text/html": string;
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Alive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ready";
                    };
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its health */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_test_db: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "connected";
                    };
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_prices_test_db: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "connected";
                    };
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus' text format, version 0.0.4 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example tickwire_live_connections{process="api"} 3 */
                    "text/plain": string;
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STORE_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_openapi_json: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The description */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_docs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_redoc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_asyncapi_json: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The description */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        asyncapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_asyncapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `INVALID_INPUT` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}

/** The models that have a route. */
export const MODEL_NAMES = ['markowitz', 'blackscholes', 'valueatrisk', 'realisedvolatility', 'montecarlo'] as const;
