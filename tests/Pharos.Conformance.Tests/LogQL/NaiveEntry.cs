using Pharos.Storage.Logs;

namespace Pharos.Conformance.Tests.LogQL;

internal sealed record NaiveEntry(LogStream Stream, long TimeNs, byte[] Line, IReadOnlyList<(string Name, byte[] Value)> Metadata);
