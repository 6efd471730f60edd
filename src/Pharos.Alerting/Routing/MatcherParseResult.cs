using Pharos.Storage.Model;

namespace Pharos.Alerting.Routing;

/// <summary>The matchers of a text, or why there are none.</summary>
/// <param name="Error">Null where the text is good.</param>
/// <param name="Warning">What a later strict version would read differently, or null.</param>
public sealed record MatcherParseResult(IReadOnlyList<LabelMatcher> Matchers, string? Error = null, string? Warning = null)
{
    internal static MatcherParseResult Failed(string error) => new([], error);
}
