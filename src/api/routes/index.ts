import { type OpenApiDocument, openApiDocument } from '../openapi';
import type { Route } from '../route';
import { averageRoutes } from './average';
import { docsRoutes } from './docs';
import { historyRoutes } from './history';
import { latestRoutes } from './latest';
import { pollRoutes } from './polls';
import { serviceRoutes } from './service';
import { tickerRoutes } from './tickers';

/** Every route of the API, in the order of the documentation; `version` is the product's. */
export function routesOf(version: string): readonly Route[] {
  let document: OpenApiDocument | undefined;
  const routes: readonly Route[] = [
    ...pollRoutes,
    ...latestRoutes,
    ...averageRoutes,
    ...historyRoutes,
    ...tickerRoutes,
    ...serviceRoutes,
    ...docsRoutes(() => {
      document ??= openApiDocument(routes, version);
      return document;
    }),
  ];
  return routes;
}
