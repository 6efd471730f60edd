using System.Globalization;
using Pharos.Query.LogQL.Syntax;
using Pharos.Query.Templates.Functions;

namespace Pharos.Query.LogQL.Evaluation;

/// <summary>What a query is refused for before it is answered, and in which words.</summary>
internal static class LogLimits
{
    public static string TooManySeries(int max) => string.Create(CultureInfo.InvariantCulture,
        $"maximum number of series ({max}) reached for a single query; consider reducing query cardinality by adding more specific stream selectors, "
        + $"reducing the time range, or aggregating results with functions like sum(), count() or topk()");

    public static void CheckLines(LogEngineOptions options, LogRangeRequest request)
    {
        if (options.MaxEntries > 0 && request.Limit > options.MaxEntries)
        {
            throw Limit(string.Create(CultureInfo.InvariantCulture,
                $"max entries limit per query exceeded, limit > max_entries_limit_per_query ({request.Limit} > {options.MaxEntries})"));
        }
        CheckLength(options, request);
    }

    public static void CheckLength(LogEngineOptions options, LogRangeRequest request)
    {
        if (request.EndNs < request.StartNs)
        {
            throw new LogQueryException(LogQueryErrorKind.Invalid, "end timestamp must not be before or equal to start time");
        }
        var length = request.EndNs - request.StartNs;
        var max = options.MaxQueryLength.Ticks * TimeSpan.NanosecondsPerTick;
        if (max > 0 && length > max)
        {
            throw Limit($"the query time range exceeds the limit (query length: {GoDuration.Format(length)}, limit: {GoDuration.Format(max)})");
        }
    }

    public static void CheckRange(LogEngineOptions options, LogRange range)
    {
        var max = options.MaxRange.Ticks * TimeSpan.NanosecondsPerTick;
        if (max > 0 && range.RangeNs > max)
        {
            throw Limit($"[interval] value exceeds limit: interval value in query is {GoDuration.Format(range.RangeNs)}, limit is {GoDuration.Format(max)}");
        }
    }

    public static StepGrid Grid(LogEngineOptions options, LogRangeRequest request)
    {
        CheckLength(options, request);
        if (request.StepNs <= 0 || request.EndNs == request.StartNs)
        {
            return new StepGrid(request.StartNs, Math.Max(1, request.StepNs), 1);
        }
        var count = ((request.EndNs - request.StartNs) / request.StepNs) + 1;
        return count <= options.MaxPoints + 1 ? new StepGrid(request.StartNs, request.StepNs, (int)count)
            : throw new LogQueryException(LogQueryErrorKind.Invalid,
                "exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter");
    }

    public static LogQueryException Limit(string message) => new(LogQueryErrorKind.Limit, message);
}
