using System.Globalization;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Prometheus.Search;

/// <summary>The parameters that all three searches share, validated.</summary>
internal sealed record SearchRequest
{
    public const string Subsequence = "subsequence";
    public const string JaroWinkler = "jarowinkler";

    private const int DefaultLimit = 100;
    private const int DefaultBatchSize = 100;

    public IReadOnlyList<IReadOnlyList<LabelMatcher>> Selectors { get; private init; } = [];

    public required SearchFilter Filter { get; init; }

    /// <summary><c>alpha</c>, <c>score</c> or empty.</summary>
    public string SortBy { get; private init; } = "";

    public bool Descending { get; private init; }

    public bool IncludeScore { get; private init; }

    public bool IncludeMetadata { get; private init; }

    public long StartMs { get; private init; }

    public long EndMs { get; private init; }

    public int Limit { get; private init; }

    public int BatchSize { get; private init; }

    /// <param name="endpoint">Named where <c>sort_by</c> is wrong.</param>
    public static SearchRequest? Read(
        ParameterReader parameters, SelectorParser parser, DateTimeOffset now, int maxLimit, string endpoint, out ApiError? error)
    {
        var nowMs = now.ToUnixTimeMilliseconds();
        var startMs = Time(parameters, "start", nowMs - 3_600_000, out var wrongStart);
        var endMs = Time(parameters, "end", nowMs, out var wrongEnd);
        if ((wrongStart ?? wrongEnd) is { } wrongTime)
        {
            error = new ApiError(ApiErrorType.BadData, wrongTime);
            return null;
        }
        if (SelectorList.Read(parameters, parser, out error) is not { } selectors)
        {
            return null;
        }
        var reader = new SearchParameters(parameters);
        var threshold = reader.Threshold();
        var algorithm = reader.Algorithm();
        var caseSensitive = reader.Flag("case_sensitive", true);
        var includeScore = reader.Flag("include_score", false);
        reader.CheckSort();
        var limit = reader.Count("limit", DefaultLimit);
        var batchSize = reader.Count("batch_size", DefaultBatchSize);
        var includeMetadata = reader.Flag("include_metadata", false);
        reader.CheckSortBy(endpoint);
        error = reader.Error;
        return error is not null ? null : new SearchRequest
        {
            Selectors = selectors,
            Filter = new SearchFilter(parameters.All("search[]"), threshold, algorithm, caseSensitive),
            SortBy = parameters.Text("sort_by"),
            Descending = parameters.Text("sort_dir") == "dsc",
            IncludeScore = includeScore,
            IncludeMetadata = includeMetadata,
            StartMs = startMs,
            EndMs = endMs,
            Limit = Math.Min(limit, maxLimit),
            BatchSize = batchSize,
        };
    }

    private static long Time(ParameterReader parameters, string name, long whenMissingMs, out string? wrong)
    {
        wrong = null;
        var text = parameters.Text(name);
        if (text.Length == 0)
        {
            return whenMissingMs;
        }
        if (!ParameterReader.TryParseTime(text, out var timestampMs))
        {
            wrong = string.Create(
                CultureInfo.InvariantCulture, $"invalid time value for '{name}': cannot parse {GoQuote.Quote(text)} to a valid timestamp");
        }
        return timestampMs;
    }
}
