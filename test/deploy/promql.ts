import { parser } from '@prometheus-io/lezer-promql';

/** What is asked of one metric. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

/** An expression as Prometheus' own grammar reads it. */
export interface Query {
  /** Places where it makes no sense, with the text from there on. */
  readonly faults: readonly string[];
  readonly selectors: readonly Selector[];
  /** Labels of `by`, `without`, `on` and `ignoring`. */
  readonly groupings: readonly string[];
}

type Node = ReturnType<typeof parser.parse>['topNode'];

/** Reads an expression; variables of Grafana stand for an interval. */
export function queryOf(expression: string): Query {
  const text = expression.replaceAll('$__rate_interval', '5m');
  const faults: string[] = [];
  const selectors: Selector[] = [];
  const groupings: string[] = [];
  const textOf = ({ from, to }: { from: number; to: number }) => text.slice(from, to);
  parser.parse(text).iterate({
    enter: ({ type, node }) => {
      if (type.isError) faults.push(`at ${node.from}: ${text.slice(node.from, node.from + 30)}`);
      if (type.name === 'VectorSelector') selectors.push(selectorOf(node, textOf));
      if (type.name === 'GroupingLabels') groupings.push(...node.getChildren('LabelName').map(textOf));
    },
  });
  return { faults, selectors, groupings };
}

function selectorOf(node: Node, textOf: (node: Node) => string): Selector {
  const name = node.getChild('Identifier');
  const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  const partOf = (matcher: Node, part: string) => {
    const found = matcher.getChild(part);
    return found ? textOf(found) : '';
  };
  return {
    metric: name ? textOf(name) : '',
    matchers: matchers.map((matcher) => ({
      label: partOf(matcher, 'LabelName'),
      operator: partOf(matcher, 'MatchOp'),
      value: partOf(matcher, 'StringLiteral').slice(1, -1),
    })),
  };
}
