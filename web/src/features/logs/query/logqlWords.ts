export interface Word {
  name: string;
  detail: string;
}

export const rangeFunctions: Word[] = [
  { name: 'count_over_time', detail: 'lines in the range' },
  { name: 'rate', detail: 'lines per second' },
  { name: 'bytes_over_time', detail: 'bytes in the range' },
  { name: 'bytes_rate', detail: 'bytes per second' },
  { name: 'absent_over_time', detail: '1 where there is no line' },
  { name: 'sum_over_time', detail: 'of an unwrapped value' },
  { name: 'avg_over_time', detail: 'of an unwrapped value' },
  { name: 'min_over_time', detail: 'of an unwrapped value' },
  { name: 'max_over_time', detail: 'of an unwrapped value' },
  { name: 'first_over_time', detail: 'of an unwrapped value' },
  { name: 'last_over_time', detail: 'of an unwrapped value' },
  { name: 'stddev_over_time', detail: 'of an unwrapped value' },
  { name: 'stdvar_over_time', detail: 'of an unwrapped value' },
  { name: 'quantile_over_time', detail: 'of an unwrapped value' },
  { name: 'rate_counter', detail: 'of an unwrapped counter' },
];

export const aggregations: Word[] = [
  { name: 'sum', detail: 'aggregation' },
  { name: 'avg', detail: 'aggregation' },
  { name: 'min', detail: 'aggregation' },
  { name: 'max', detail: 'aggregation' },
  { name: 'count', detail: 'aggregation' },
  { name: 'stddev', detail: 'aggregation' },
  { name: 'stdvar', detail: 'aggregation' },
  { name: 'topk', detail: 'the k largest' },
  { name: 'bottomk', detail: 'the k smallest' },
  { name: 'approx_topk', detail: 'the k largest, nearly' },
  { name: 'sort', detail: 'smallest first' },
  { name: 'sort_desc', detail: 'largest first' },
  { name: 'label_replace', detail: 'a label from another' },
  { name: 'vector', detail: 'a number as a vector' },
];

export const stageWords: Word[] = [
  { name: 'json', detail: 'fields of JSON lines' },
  { name: 'logfmt', detail: 'fields of key=value lines' },
  { name: 'pattern', detail: 'fields by an example: <ip> - <_>' },
  { name: 'regexp', detail: 'fields by named groups' },
  { name: 'unpack', detail: 'fields of packed lines' },
  { name: 'line_format', detail: 'write the line anew' },
  { name: 'label_format', detail: 'rename or make labels' },
  { name: 'decolorize', detail: 'remove terminal colours' },
  { name: 'drop', detail: 'remove labels' },
  { name: 'keep', detail: 'keep only these labels' },
  { name: 'unwrap', detail: 'a field as the value' },
];

export const lineOperators: Word[] = [
  { name: '|=', detail: 'the line contains' },
  { name: '!=', detail: 'the line does not contain' },
  { name: '|~', detail: 'the line matches' },
  { name: '!~', detail: 'the line does not match' },
  { name: '|>', detail: 'the line has the pattern' },
  { name: '!>', detail: 'the line lacks the pattern' },
];

export const keywords = new Set([
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'offset',
  'bool',
  'and',
  'or',
  'unless',
  'ip',
  'bytes',
  'duration',
  'duration_seconds',
]);

export const rangeTexts = ['$__auto', '1m', '5m', '10m', '1h', '1d', '$__range'];
