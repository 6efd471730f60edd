namespace Pharos.Alerting.Silences;

/// <summary>What became of a request to change a silence.</summary>
/// <param name="Id">The silence that now holds, where it was accepted.</param>
public sealed record SilenceResult(SilenceOutcome Outcome, string Id = "", string Error = "");
