import type { ModelDefinition } from '../../models/model';
import { type OpenApiDocument, openApiDocument } from '../openapi';
import type { Route } from '../route';
import { auditRoutes } from './audit';
import { averageRoutes } from './average';
import { corporateActionRoutes } from './corporate-actions';
import { docsRoutes } from './docs';
import { historyRoutes } from './history';
import { jobRoutes } from './jobs';
import { keyRoutes } from './keys';
import { latestRoutes } from './latest';
import { metricsRoutes } from './metrics';
import { modelRoutes } from './models';
import { newsRoutes } from './news';
import { ohlcvRoutes } from './ohlcv';
import { pollRoutes } from './polls';
import { serviceRoutes } from './service';
import { streamRoutes } from './stream';
import { symbolRoutes } from './symbols';
import { tickerRoutes } from './tickers';
import { ticketRoutes } from './tickets';

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
    ...ticketRoutes,
    ...keyRoutes,
    ...auditRoutes,
    ...serviceRoutes,
    ...metricsRoutes,
    ...docsRoutes(() => {
      document ??= openApiDocument(routes, version);
      return document;
    }, version),
  ];
  return routes;
}
