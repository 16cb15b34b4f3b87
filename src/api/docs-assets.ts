import { type Express, type RequestHandler, Router } from 'express';
import swaggerUi from 'swagger-ui-express';
import { REDOC_BUNDLE, SWAGGER_ASSETS } from './routes/docs';

const SWAGGER_OPTIONS = {
  swaggerUrl: '/openapi.json',
  swaggerOptions: { validatorUrl: null, tryItOutEnabled: true, displayRequestDuration: true },
};

/** Serves the scripts and styles of the docs pages from the installed packages, so that they need no internet. */
export function serveDocsAssets(app: Express): void {
  const ignoreManifest: RequestHandler = (_request, _response, next) => next('router');
  const assets = Router().use('/package.json', ignoreManifest);
  assets.use(...swaggerUi.serveFiles(undefined, SWAGGER_OPTIONS));
  app.use(SWAGGER_ASSETS, assets);
  const bundle = require.resolve('redoc/bundles/redoc.standalone.js');
  app.get(REDOC_BUNDLE, (_request, response) => response.sendFile(bundle, { maxAge: '1d', dotfiles: 'allow' }));
}
