namespace Pharos.Query.LogQL.Results;

/// <param name="TimeNs">Nanoseconds since 1970, UTC.</param>
/// <param name="Line">UTF-8, as the stages left it.</param>
/// <param name="Labels">Entries with the same labels share one object as far as that is cheap.</param>
public sealed record LogResultEntry(long TimeNs, ReadOnlyMemory<byte> Line, LogResultLabels Labels);
