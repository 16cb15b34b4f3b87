import type { RequestListener } from 'node:http';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { messageOf, TickwireError } from '../platform/errors';
import { logAnswer } from './access-log';
import type { Admission } from './admission';
import { type Answer, sendAnswer } from './answer';
import { runAudited } from './audit';
import { NOTHING_ALLOWED } from './content-security';
import { type ApiContext, openContext } from './context';
import type { ApiDependencies } from './dependencies';
import { serveDocsAssets } from './docs-assets';
import { MAX_BODY_BYTES, problemAnswer, problemOf } from './errors';
import { servePageAssets } from './page-assets';
import { logRefusal } from './refusal-log';
import { assignRequestId, requestIdOf } from './request-id';
import type { Route } from './route';
import { routesOf } from './routes';
import { traceRequest, traceRoute } from './trace-request';

/** The whole API as a request listener; it listens nowhere. */
export function createApp(dependencies: ApiDependencies): RequestListener {
  const never = new AbortController().signal;
  return appOf(openContext(dependencies, { stopping: never, ended: never }));
}

/** The same over a context that is shared with the hot path. */
export function appOf(context: ApiContext): RequestListener {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.use(begin(context));
  app.use(securityHeaders());
  app.use(context.allowOrigins);
  const routes = routesOf(context.version, context.models);
  for (const route of routes) mount(app, route, context);
  refuseOtherMethods(app, routes);
  serveDocsAssets(app);
  servePageAssets(app);
  app.use((request, response) => {
    const detail = `there is no ${request.method} ${request.path.slice(0, 200)}; /docs lists what there is`;
    return sendAnswer(response, problemAnswer({ code: 'NOT_FOUND', detail, requestId: requestIdOf(response) }));
  });
  app.use(tellProblem(context));
  return app;
}

function begin({ log }: ApiContext) {
  return (request: Request, response: Response, next: NextFunction) => {
    const requestId = assignRequestId(request, response);
    traceRequest(request, response, () => {
      logAnswer(log, 'info', { request, response, requestId, keyId: () => keyIdOf(response) });
      next();
    });
  };
}

/** Nothing served from here needs any of these. */
const PERMISSIONS = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb']
  .map((feature) => `${feature}=()`)
  .join(', ');

/**
 * Helmet's headers as the OWASP Secure Headers Project wants them; the pages widen the content policy for themselves. No HSTS: who ends TLS decides that. The
 * resource policy keeps other pages from embedding what is here; those that may call it do so by CORS, which that does not touch.
 */
function securityHeaders() {
  const others = helmet({
    contentSecurityPolicy: false,
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
  return (request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Content-Security-Policy', NOTHING_ALLOWED);
    response.setHeader('Permissions-Policy', PERMISSIONS);
    others(request, response, next);
  };
}

const parserOf = ({ maxBodyBytes = MAX_BODY_BYTES }: Route) => express.json({ limit: maxBodyBytes, type: () => true });

function mount(app: Express, route: Route, context: ApiContext): void {
  const path = expressPathOf(route);
  app[route.method](path, letIn(route, context));
  if (route.method === 'post' || route.method === 'patch') {
    app[route.method](path, refuseOtherContent, parserOf(route));
  }
  app[route.method](path, async (request: Request, response: Response) => {
    const exchange = {
      requestId: requestIdOf(response),
      ...admissionOf(response),
      prefer: (mediaTypes: readonly [string, ...string[]]) => request.accepts([...mediaTypes]) || mediaTypes[0],
      signal: callerSignal(response, context.stopping),
    };
    const answer = await runAudited(route, request, { context, exchange });
    await sendAnswer(response, answer);
  });
}

/** Asks who wants it before the body is read. */
function letIn({ access, method, path }: Route, { admit, log }: ApiContext) {
  return async (request: Request, response: Response, next: NextFunction) => {
    traceRoute(method, path, requestIdOf(response));
    const admitted = await admit(request, access);
    for (const [name, value] of Object.entries(admitted.headers)) response.setHeader(name, value);
    if (!admitted.ok) {
      logRefusal(log, request, { requestId: requestIdOf(response), refused: admitted });
      throw admitted.error;
    }
    response.locals.admission = { caller: admitted.caller, address: admitted.address } satisfies Admission;
    next();
  };
}

function admissionOf(response: Response): Admission {
  const { admission } = response.locals as { admission?: Admission };
  if (!admission) throw new TickwireError('INTERNAL', 'a request came to its handler without being let in');
  return admission;
}

/** Null before the caller is let in, and for one without a key. */
function keyIdOf(response: Response): string | null {
  const { admission } = response.locals as { admission?: Admission };
  return admission?.caller.keyId ?? null;
}

/** Aborts when the caller is gone or answered, or the server stops; leaves no listener on the server's signal behind. */
function callerSignal(response: Response, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const leave = () => gone.abort();
  stopping.addEventListener('abort', leave, { once: true });
  if (stopping.aborted) leave();
  response.once('close', () => {
    stopping.removeEventListener('abort', leave);
    leave();
  });
  return gone.signal;
}

/** `/prices/poll/{job_id}` as Express writes it. */
function expressPathOf({ path }: Pick<Route, 'path'>): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function refuseOtherContent(request: Request, response: Response, next: NextFunction): void {
  const isEmpty = request.headers['content-length'] === '0';
  if (isEmpty || request.is(['application/json', 'application/*+json']) !== false) {
    next();
    return;
  }
  const got = request.headers['content-type']?.slice(0, 100) ?? 'none';
  const detail = `Content-Type: expected application/json, got ${got}`;
  const problem = problemAnswer({ code: 'UNSUPPORTED_MEDIA_TYPE', detail, requestId: requestIdOf(response) });
  void sendAnswer(response, problem);
}

/** 405 with the methods there are, and the answer to OPTIONS. Express answers HEAD where there is GET. */
function refuseOtherMethods(app: Express, routes: readonly Route[]): void {
  for (const path of new Set(routes.map(expressPathOf))) {
    const methods = routes.filter((route) => expressPathOf(route) === path).map((route) => route.method.toUpperCase());
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    app.all(path, (request, response) => sendAnswer(response, otherMethod(request, requestIdOf(response), allow)));
  }
}

function otherMethod({ method, path }: Request, requestId: string, allow: string): Answer {
  const headers = { Allow: allow };
  if (method === 'OPTIONS') return { status: 204, headers };
  const detail = `${path.slice(0, 200)}: expected one of ${allow}, got ${method}`;
  return problemAnswer({ code: 'METHOD_NOT_ALLOWED', detail, requestId, headers });
}

/** The last handler: whatever was thrown becomes a problem; what broke midway through an answer breaks the connection. */
function tellProblem({ log }: ApiContext) {
  return (error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const requestId = requestIdOf(response);
    const problem = problemOf(error, requestId);
    if (response.headersSent) {
      if (!response.destroyed) log.warn({ requestId, error: messageOf(error) }, 'an answer broke off');
      response.destroy();
      return;
    }
    if (problem.status >= 500)
      log.error({ requestId, status: problem.status, error: messageOf(error) }, 'request failed');
    void sendAnswer(response, problem);
  };
}
