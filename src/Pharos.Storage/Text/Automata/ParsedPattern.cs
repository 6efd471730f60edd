namespace Pharos.Storage.Text.Automata;

/// <summary>A pattern as it was read.</summary>
/// <param name="Root">The whole.</param>
/// <param name="GroupCount">The number of capturing groups, without the whole match.</param>
/// <param name="GroupNames">The number of each named group.</param>
internal sealed record ParsedPattern(PatternNode Root, int GroupCount, IReadOnlyDictionary<string, int> GroupNames);
