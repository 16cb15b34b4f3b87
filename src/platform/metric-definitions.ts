/** What is told under one name. Names and units by Prometheus' rules: base units, `_total` for what only grows. */
export type MetricDefinition = {
  readonly help: string;
  /** Whose values are few and known beforehand: nothing that a caller, a vendor or a price can make. */
  readonly labels: readonly string[];
} & ({ readonly kind: 'counter' | 'gauge' } | { readonly kind: 'histogram'; readonly buckets: readonly number[] });

/** Upper bounds in seconds: of an answer, of work that takes a while, of the way of an event from its market. */
const ANSWER = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const WORK = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const CALL = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const JOB = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];
const LATENESS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800];
const AGE = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 86_400];

/** Every metric of the product by its name; `docs/metrics.md` has them as a table. Those of Node and the process come from prom-client beside these. */
export const METRICS = {
  tickwire_build_info: {
    kind: 'gauge',
    help: 'Always 1; the version that runs is its label',
    labels: ['version'],
  },

  tickwire_http_request_duration_seconds: {
    kind: 'histogram',
    help: 'Time from the head of a request to the end of its answer',
    labels: ['method', 'route', 'status'],
    buckets: ANSWER,
  },
  tickwire_admissions_total: {
    kind: 'counter',
    help: 'Requests for which it was decided whether they are let in: admitted, or the error code of the refusal',
    labels: ['outcome'],
  },
  tickwire_live_connections: {
    kind: 'gauge',
    help: 'Sockets and streams that are connected',
    labels: [],
  },

  tickwire_events_total: {
    kind: 'counter',
    help: 'Price events that came so far: fetched, published, stored, averaged, cached, sent; each as often as it came',
    labels: ['stage'],
  },
  tickwire_event_age_seconds: {
    kind: 'histogram',
    help: 'Age of the first event of each batch, since its market time or its fetch, when it reached row, cache or socket',
    labels: ['from', 'to'],
    buckets: AGE,
  },
  tickwire_consumer_events_total: {
    kind: 'counter',
    help: 'Events that a consumer has handled',
    labels: ['consumer'],
  },
  tickwire_consumer_batch_duration_seconds: {
    kind: 'histogram',
    help: 'Time that a consumer took for one batch, its retries included',
    labels: ['consumer'],
    buckets: WORK,
  },
  tickwire_consumer_retries_total: {
    kind: 'counter',
    help: 'Batches that a consumer tried again, each time',
    labels: ['consumer'],
  },
  tickwire_undecodable_records_total: {
    kind: 'counter',
    help: 'Records that a consumer could not decode',
    labels: ['consumer'],
  },
  tickwire_dead_letters_total: {
    kind: 'counter',
    help: 'Records that a consumer put on dead-letters',
    labels: ['consumer'],
  },
  tickwire_dead_letters_lost_total: {
    kind: 'counter',
    help: 'Dead letters that the broker refused: the record lies in its own topic only',
    labels: ['consumer'],
  },
  tickwire_late_events_total: {
    kind: 'counter',
    help: 'Events too late for their moving average',
    labels: ['consumer'],
  },

  tickwire_poll_runs_total: {
    kind: 'counter',
    help: 'Runs of polling jobs by outcome: succeeded, partial, failed, skipped, or lost where it could not be stored',
    labels: ['provider', 'outcome'],
  },
  tickwire_poll_lateness_seconds: {
    kind: 'histogram',
    help: 'How long after its tick a run was claimed',
    labels: [],
    buckets: LATENESS,
  },
  tickwire_poll_missed_ticks_total: {
    kind: 'counter',
    help: 'Ticks of polling jobs that passed without a run',
    labels: [],
  },
  tickwire_provider_call_duration_seconds: {
    kind: 'histogram',
    help: 'Time of one call to a vendor; the outcome is succeeded or an error code',
    labels: ['provider', 'outcome'],
    buckets: CALL,
  },
  tickwire_provider_refusals_total: {
    kind: 'counter',
    help: 'Calls to a vendor that were not made: by its open breaker, during a pause it asked for, for want of quota',
    labels: ['provider', 'reason'],
  },
  tickwire_provider_breaker_state: {
    kind: 'gauge',
    help: '1 for the state that the breaker of a configured provider is in: closed, half-open, open; 0 for the others',
    labels: ['provider', 'state'],
  },

  tickwire_model_job_duration_seconds: {
    kind: 'histogram',
    help: 'Time of one attempt at a model job, by how it ended',
    labels: ['model', 'outcome'],
    buckets: JOB,
  },
  tickwire_model_job_wait_seconds: {
    kind: 'histogram',
    help: 'Time from the submission of a model job to its first beginning',
    labels: ['model'],
    buckets: JOB,
  },
  tickwire_model_jobs: {
    kind: 'gauge',
    help: 'Model jobs that wait or run, over all runners: queued, running',
    labels: ['status'],
  },
  tickwire_artifact_disk_bytes: {
    kind: 'gauge',
    help: 'Bytes of the file system of ARTIFACT_DIR: size, free',
    labels: ['kind'],
  },

  tickwire_outbox_rows: {
    kind: 'gauge',
    help: 'Stored answers of vendors whose events are not on the topic yet',
    labels: [],
  },
  tickwire_dependency_up: {
    kind: 'gauge',
    help: '1 while it answers this process, else 0: postgres, redis, kafka',
    labels: ['dependency'],
  },
  tickwire_database_connections: {
    kind: 'gauge',
    help: 'Connections of the pool of this process: in_use, idle',
    labels: ['state'],
  },
  tickwire_database_connections_max: {
    kind: 'gauge',
    help: 'How many connections the pool may have',
    labels: [],
  },
  tickwire_database_connections_wanted: {
    kind: 'gauge',
    help: 'Callers that wait for a connection of the pool',
    labels: [],
  },

  kafka_consumergroup_lag: {
    kind: 'gauge',
    help: 'Records of a partition that a consumer group has not handled, as kafka_exporter names it',
    labels: ['consumergroup', 'topic', 'partition'],
  },
  kafka_consumergroup_lag_sum: {
    kind: 'gauge',
    help: 'The same over all partitions of a topic',
    labels: ['consumergroup', 'topic'],
  },
  kafka_consumergroup_current_offset: {
    kind: 'gauge',
    help: 'Next offset that a consumer group will read; absent until it has committed one',
    labels: ['consumergroup', 'topic', 'partition'],
  },
  kafka_topic_partition_current_offset: {
    kind: 'gauge',
    help: 'Offset that the next record of a partition will get',
    labels: ['topic', 'partition'],
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

type Definitions = typeof METRICS;
type NameOf<Kind extends MetricDefinition['kind']> = {
  [Name in keyof Definitions]: Definitions[Name]['kind'] extends Kind ? Name : never;
}[keyof Definitions];

export type MetricName = keyof Definitions;
export type CounterName = NameOf<'counter'>;
export type HistogramName = NameOf<'histogram'>;
export type GaugeName = NameOf<'gauge'>;

/** A text for each label of a metric. */
export type LabelsOf<Name extends MetricName> = Readonly<Record<Definitions[Name]['labels'][number], string>>;
