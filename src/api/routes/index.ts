import type { ModelDefinition } from '../../models/model';
import { type OpenApiDocument, openApiDocument } from '../openapi';
import type { Route } from '../route';
import { averageRoutes } from './average';
import { corporateActionRoutes } from './corporate-actions';
import { docsRoutes } from './docs';
import { historyRoutes } from './history';
import { jobRoutes } from './jobs';
import { latestRoutes } from './latest';
import { modelRoutes } from './models';
import { newsRoutes } from './news';
import { ohlcvRoutes } from './ohlcv';
import { pollRoutes } from './polls';
import { serviceRoutes } from './service';
import { streamRoutes } from './stream';
import { symbolRoutes } from './symbols';
import { tickerRoutes } from './tickers';

/** Every route of the API, in the order of the documentation; `version` is the product's; each of `models` has one. */
export function routesOf(version: string, models: readonly ModelDefinition[]): readonly Route[] {
  let document: OpenApiDocument | undefined;
  const routes: readonly Route[] = [
    ...pollRoutes,
    ...latestRoutes,
    ...averageRoutes,
    ...streamRoutes,
    ...historyRoutes,
    ...ohlcvRoutes,
    ...corporateActionRoutes,
    ...symbolRoutes,
    ...newsRoutes,
    ...tickerRoutes,
    ...modelRoutes(models),
    ...jobRoutes,
    ...serviceRoutes,
    ...docsRoutes(() => {
      document ??= openApiDocument(routes, version);
      return document;
    }, version),
  ];
  return routes;
}
