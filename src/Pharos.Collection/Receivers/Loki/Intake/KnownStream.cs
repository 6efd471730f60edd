using Pharos.Storage.Logs;

namespace Pharos.Collection.Receivers.Loki.Intake;

/// <summary>What was found out about a stream's labels, under the limits that held then.</summary>
/// <param name="Stream">Null where the labels are refused.</param>
/// <param name="Text">The labels as messages show them.</param>
/// <param name="Level">That the labels say; empty for none.</param>
internal sealed record KnownStream(
    LokiIngestLimits Limits, LogStream? Stream, string Text, ReadOnlyMemory<byte> Level, PushRejection? Rejection)
{
    public ByteRate Rate { get; } = new();
}
