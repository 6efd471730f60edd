namespace Pharos.Alerting.Receivers;

/// <summary>What kept an integration's message from being what its configuration says.</summary>
/// <param name="Field">The key whose template failed; empty where the message could not be made at all.</param>
public sealed record RehearsalProblem(string Field, string Message);
