namespace Pharos.Alerting.History;

/// <summary>One alert that a notification told of.</summary>
/// <param name="Status"><c>firing</c> or <c>resolved</c>.</param>
public sealed record NotifiedAlert(string Fingerprint, string Status, IReadOnlyDictionary<string, string> Labels);
