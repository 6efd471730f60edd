namespace Pharos.Alerting.History;

/// <summary>A part of a history, the newest first.</summary>
/// <param name="Next">Where the next page begins, or null where nothing older is wanted.</param>
public sealed record HistoryPage<T>(IReadOnlyList<T> Items, HistoryPosition? Next);
