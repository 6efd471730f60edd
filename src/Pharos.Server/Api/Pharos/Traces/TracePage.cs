using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Pharos.Traces;

/// <summary>Some of the traces that were looked for.</summary>
/// <param name="Next">Where the answer goes on, or null at its end.</param>
/// <param name="IsWhole">Whether all that fit were put in order, rather than the newest of them.</param>
internal sealed record TracePage(IReadOnlyList<TraceSummary> Traces, TraceCursor? Next, bool IsWhole);
