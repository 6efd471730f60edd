using Pharos.Storage.Logs;

namespace Pharos.Server.Logs.Tailing;

/// <summary>An entry as it was appended, kept until the tails that wait for it have seen it.</summary>
internal sealed record TailEntry(LogStream Stream, long TimeNs, byte[] Line, IReadOnlyList<(string Name, byte[] Value)> Metadata);
