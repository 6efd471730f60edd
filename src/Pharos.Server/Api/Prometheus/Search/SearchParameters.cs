using Pharos.Storage.Text;

namespace Pharos.Server.Api.Prometheus.Search;

/// <summary>Reads the parameters of a search in Prometheus' order and words; the first fault stays in <see cref="Error"/>.</summary>
internal sealed class SearchParameters(ParameterReader parameters)
{
    public ApiError? Error { get; private set; }

    public double Threshold()
    {
        var text = parameters.Text("fuzz_threshold");
        if (text.Length == 0)
        {
            return 0;
        }
        if (!ParameterReader.TryParseWhole(text, out var percent, out _) || percent is < 0 or > 100)
        {
            Fail($"invalid fuzz_threshold {GoQuote.Quote(text)}: must be 0-100");
        }
        return percent / 100d;
    }

    public string Algorithm()
    {
        var text = parameters.Text("fuzz_alg");
        if (text is not ("" or SearchRequest.Subsequence or SearchRequest.JaroWinkler))
        {
            Fail($"unsupported fuzz_alg {GoQuote.Quote(text)}: must be one of [{SearchRequest.Subsequence} {SearchRequest.JaroWinkler}]");
        }
        return text.Length == 0 ? SearchRequest.Subsequence : text;
    }

    public bool Flag(string name, bool whenMissing)
    {
        var text = parameters.Text(name);
        if (text.Length == 0)
        {
            return whenMissing;
        }
        var value = ParameterReader.Flag(text);
        if (value is null)
        {
            Fail($"invalid {name} {GoQuote.Quote(text)}: must be boolean");
        }
        return value ?? whenMissing;
    }

    /// <summary>A whole number; 0 leaves the choice to the server, as a missing one.</summary>
    public int Count(string name, int whenMissing)
    {
        var text = parameters.Text(name);
        if (text.Length == 0)
        {
            return whenMissing;
        }
        if (!ParameterReader.TryParseWhole(text, out var count, out _) || count < 0)
        {
            Fail($"invalid {name} {GoQuote.Quote(text)}: must be non-negative integer");
        }
        return count == 0 ? whenMissing : (int)Math.Min(count, int.MaxValue);
    }

    /// <summary>Whether order, direction and terms fit together.</summary>
    public void CheckSort()
    {
        var by = parameters.Text("sort_by");
        var direction = parameters.Text("sort_dir");
        if (direction.Length > 0 && by.Length == 0)
        {
            Fail("sort_dir is only valid when sort_by is set");
        }
        else if (direction.Length > 0 && by == "score")
        {
            Fail("sort_dir is not supported for sort_by=score");
        }
        else if (direction is not ("" or "asc" or "dsc"))
        {
            Fail($"invalid sort_dir {GoQuote.Quote(direction)}: must be \"asc\" or \"dsc\"");
        }
        else if (by == "score" && parameters.All("search[]").Count == 0)
        {
            Fail("sort_by=score requires search[] to be set");
        }
    }

    public void CheckSortBy(string endpoint)
    {
        var by = parameters.Text("sort_by");
        if (by is not ("" or "alpha" or "score"))
        {
            Fail($"invalid sort_by {GoQuote.Quote(by)} for {endpoint}: must be \"alpha\" or \"score\"");
        }
    }

    private void Fail(string message) => Error ??= new ApiError(ApiErrorType.BadData, message);
}
