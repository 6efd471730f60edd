using Pharos.Query.LogQL;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Loki.Series;

/// <summary>Reads the selectors of requests that ask for streams and no lines.</summary>
internal static class SelectorText
{
    /// <summary>The matchers of a selector; those of the first one of a query, its stages and functions left out.</summary>
    /// <param name="text">Empty, or <c>{}</c>, for every stream.</param>
    /// <exception cref="LokiRefusal">It is no query.</exception>
    public static IReadOnlyList<LabelMatcher> Read(string text)
    {
        if (text.Trim() is "" or "{}")
        {
            return [];
        }
        try
        {
            return LogParser.ParseLogQuery(text, mayMatchEmpty: true).Matchers;
        }
        catch (LogParseException e)
        {
            throw LokiRefusal.BadRequest(e.Message);
        }
    }
}
