namespace Pharos.Query.LogQL.Results;

public sealed record LogScalarResult(long TimestampMs, double Value) : LogQueryResult;
