import { z } from 'zod';
import { METRICS_TYPE } from '../../platform/metrics';
import { defineRoute } from '../route';

const metrics = defineRoute({
  method: 'get',
  path: '/metrics',
  access: 'prices:read',
  tag: 'service',
  summary: 'The numbers of this process and of the product, for Prometheus',
  description:
    'Every other process tells its own on `METRICS_PORT`. `docs/metrics.md` says what each means. What cannot be read within two seconds is left out.',
  request: {},
  answers: {
    200: {
      description: "Prometheus' text format, version 0.0.4",
      content: {
        'text/plain': { schema: z.string(), example: 'tickwire_live_connections{process="api"} 3\n' },
      },
    },
  },
  problems: [],
  handle: async (_input, context) => ({ status: 200, contentType: METRICS_TYPE, body: await context.metrics.text() }),
});

export const metricsRoutes = [metrics];
