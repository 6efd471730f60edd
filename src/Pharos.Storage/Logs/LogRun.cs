namespace Pharos.Storage.Logs;

/// <summary>Rows [<paramref name="First"/>, <paramref name="First"/> + <paramref name="Count"/>) of a block: entries of one stream,
/// sorted by time.</summary>
/// <param name="MinTimeNs">Of the first row.</param>
/// <param name="MaxTimeNs">Of the last row.</param>
/// <param name="LineBytes">Of all its lines together.</param>
public readonly record struct LogRun(LogStream Stream, int First, int Count, long MinTimeNs, long MaxTimeNs, long LineBytes);
