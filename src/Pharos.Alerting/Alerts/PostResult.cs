namespace Pharos.Alerting.Alerts;

/// <summary>What became of a batch of posted alerts: the good ones are stored even where others are refused.</summary>
/// <param name="Errors">One text for each alert that was refused.</param>
/// <param name="IsDurable">Whether all that was taken is stored; false while the state cannot be written, and it is in memory alone.</param>
public sealed record PostResult(int AcceptedCount, IReadOnlyList<string> Errors, bool IsDurable = true);
