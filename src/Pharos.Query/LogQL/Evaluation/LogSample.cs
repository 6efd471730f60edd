namespace Pharos.Query.LogQL.Evaluation;

internal readonly record struct LogSample(long TimeNs, double Value);
