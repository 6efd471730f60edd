using Pharos.Storage.Text;

namespace Pharos.Server.Configuration.Loki;

/// <summary>An item of <c>blocked_queries</c>: a text or an expression, and the kinds of queries that it blocks.</summary>
/// <param name="Pattern">Empty for every query.</param>
/// <param name="Types">Some of metric, filter, limited; none for all.</param>
internal sealed record LokiBlockedQuery(string Pattern, GoRegex? Regex, IReadOnlyList<string> Types)
{
    public bool Blocks(string query, string type) => (Types.Count == 0 || Types.Contains(type, StringComparer.Ordinal))
        && (Pattern.Length == 0 || (Regex is { } regex ? regex.IsMatch(query) : Pattern.Trim() == query.Trim()));
}
