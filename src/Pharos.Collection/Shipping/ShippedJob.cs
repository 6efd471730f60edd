using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping;

/// <summary>How one job stands.</summary>
/// <param name="Patterns">Of the files that are looked for, with their labels.</param>
/// <param name="Files">That are read, once for each client.</param>
/// <param name="Dropped">What was discovered and is not shipped, and why.</param>
/// <param name="Sources">Listeners and the like by kind, with what is wrong with each; empty where nothing is.</param>
public sealed record ShippedJob(
    string JobName, IReadOnlyList<(string Pattern, LabelSet Labels)> Patterns, IReadOnlyList<ShippedFile> Files,
    IReadOnlyList<(LabelSet Discovered, string Reason)> Dropped, IReadOnlyList<(string Kind, string Fault)> Sources);
