using Pharos.Storage.Model;

namespace Pharos.Server.Api.Prometheus;

/// <summary>The values of <c>match[]</c>.</summary>
internal static class SelectorList
{
    /// <summary>All selectors, none of which may select everything; null with the first fault.</summary>
    public static IReadOnlyList<IReadOnlyList<LabelMatcher>>? Read(
        ParameterReader parameters, SelectorParser parser, out ApiError? error)
    {
        error = null;
        var selectors = new List<IReadOnlyList<LabelMatcher>>();
        foreach (var text in parameters.All("match[]"))
        {
            if (parser(text, out var reason) is not { } matchers)
            {
                error = new ApiError(ApiErrorType.BadData, reason);
                return null;
            }
            selectors.Add(matchers);
        }
        if (selectors.Exists(static matchers => matchers.All(matcher => matcher.MatchesEmpty)))
        {
            error = new ApiError(ApiErrorType.BadData, "match[] must contain at least one non-empty matcher");
            return null;
        }
        return selectors;
    }
}
