const hints: Record<string, string> = {
  missing_labels: 'Give the stream at least one label.',
  invalid_labels: 'Labels are written {name="value", ...}; names hold letters, digits and underscores.',
  max_label_names_per_series:
    'Move labels into structured metadata, or raise limits_config.max_label_names_per_series.',
  label_name_too_long: 'Shorten the name, or raise limits_config.max_label_name_length.',
  label_value_too_long:
    'Put the value into structured metadata or the line, or raise limits_config.max_label_value_length.',
  missing_enforced_labels: 'limits_config asks for these labels: let the sender add them.',
  greater_than_max_sample_age:
    'The line is older than limits_config.reject_old_samples_max_age. Raise it to import old logs.',
  too_far_in_future:
    'Look at the clock and the time zone of the sender, or raise limits_config.creation_grace_period.',
  line_too_long: 'Raise limits_config.max_line_size, or set max_line_size_truncate to keep the beginning.',
  disallowed_structured_metadata: 'Set limits_config.allow_structured_metadata.',
  structured_metadata_too_large: 'Raise limits_config.max_structured_metadata_size, or send less of it.',
  structured_metadata_too_many:
    'Raise limits_config.max_structured_metadata_entries_count, or send less of it.',
  rate_limited:
    'The sender repeats such lines. Raise limits_config.ingestion_rate_mb where it happens often.',
  per_stream_rate_limit: 'Raise limits_config.per_stream_rate_limit, or spread the lines over more streams.',
  stream_limit:
    'Raise limits_config.max_global_streams_per_user, or move a label of many values into metadata.',
};

/** What can be done about a reason; empty for one that explains itself. */
export const rejectionHint = (reason: string): string => hints[reason] ?? '';
