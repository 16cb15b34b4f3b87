import { type Express, type RequestHandler, Router } from 'express';
import swaggerUi from 'swagger-ui-express';
import { REDOC_BUNDLE, SWAGGER_ASSETS } from './routes/docs';

const SWAGGER_OPTIONS = {
  swaggerUrl: '/openapi.json',
  swaggerOptions: { validatorUrl: null, tryItOutEnabled: true, displayRequestDuration: true },
};

/** A plain name: the packages hold more than what a page needs. */
const ASSET = /^\/[\w-]{1,64}(\.[\w-]{1,16}){0,4}\.(css|html|js|map|png)$/;

/** Serves the scripts and styles of the docs pages from the installed packages, so that they need no internet. */
export function serveDocsAssets(app: Express): void {
  const onlyAssets: RequestHandler = ({ path }, _response, next) => next(ASSET.test(path) ? undefined : 'router');
  const assets = Router().use(onlyAssets);
  assets.use(...swaggerUi.serveFiles(undefined, SWAGGER_OPTIONS));
  app.use(SWAGGER_ASSETS, assets);
  const bundle = require.resolve('redoc/bundles/redoc.standalone.js');
  app.get(REDOC_BUNDLE, (_request, response) => response.sendFile(bundle, { maxAge: '1d', dotfiles: 'allow' }));
}
