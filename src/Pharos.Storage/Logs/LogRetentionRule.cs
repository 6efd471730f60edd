using Pharos.Storage.Model;

namespace Pharos.Storage.Logs;

/// <summary>How long entries of some streams are kept. Of the rules that match a stream the one with the highest priority decides, and
/// of those with the same the one with the shortest time.</summary>
/// <param name="Tenant">Null for every tenant.</param>
public sealed record LogRetentionRule(string? Tenant, IReadOnlyList<LabelMatcher> Matchers, int Priority, TimeSpan Time);
