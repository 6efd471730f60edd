namespace Pharos.Server.Api.Events;

/// <summary>What became of the alerts of one request.</summary>
/// <param name="IgnoredCount">Resolved ones of which none is open.</param>
/// <param name="IsFull">Whether there was no room for some: the sender is to come again.</param>
/// <param name="IsDurable">False where it is in memory alone: an event is said once, and its sender is to say it again.</param>
/// <param name="Errors">Of the pipeline, for each alert that it refused.</param>
internal sealed record IntakeResult(
    int FiringCount, int ResolvedCount, int IgnoredCount, bool IsFull, bool IsDurable, IReadOnlyList<string> Errors);
