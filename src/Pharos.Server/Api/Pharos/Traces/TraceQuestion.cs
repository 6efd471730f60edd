using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pharos.Server.Api.Prometheus;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Search;

namespace Pharos.Server.Api.Pharos.Traces;

/// <summary>Which traces a caller looks for, in which order, and where the answer goes on.</summary>
internal sealed record TraceQuestion(TraceFilter Filter, TraceOrder Order, int Limit, TraceCursor? From)
{
    public const int MaxLimit = 1_500;

    /// <summary>Of conditions in one question; more are a mistake, and each costs a look at every span.</summary>
    private const int MaxAttributes = 32;

    private const int UsualLimit = 100;

    private static readonly TimeSpan UsualRange = TimeSpan.FromHours(1);

    /// <returns>The question, or null with the reason.</returns>
    public static TraceQuestion? Read(IQueryCollection query, DateTimeOffset now, out string error)
    {
        if (!TryReadRange(query, now, out var startNs, out var endNs, out error) || !TryReadConditions(query, out var conditions, ref error))
        {
            return null;
        }
        var limit = UsualLimit;
        if ((string?)query["limit"] is { Length: > 0 } wanted
            && (!int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is 0 or > MaxLimit))
        {
            error = $"limit must be a whole number from 1 to {MaxLimit}, not {GoQuote.Quote(wanted)}";
            return null;
        }
        if (ReadOrder((string?)query["sort"] ?? "") is not { } order)
        {
            error = $"sort must be newest, longest, shortest, most-spans or fewest-spans, not {GoQuote.Quote((string?)query["sort"] ?? "")}";
            return null;
        }
        TraceCursor? from = null;
        if ((string?)query["from"] is { Length: > 0 } place && (from = TraceCursor.Parse(place)) is null)
        {
            error = $"from must be what an earlier answer calls next, not {GoQuote.Quote(place)}";
            return null;
        }
        return new TraceQuestion(new TraceFilter { StartNs = startNs, EndNs = endNs, Conditions = conditions }, order, limit, from);
    }

    /// <summary>The last hour, where nothing is said.</summary>
    public static bool TryReadRange(IQueryCollection query, DateTimeOffset now, out long startNs, out long endNs, out string error)
    {
        error = "";
        (startNs, endNs) = (0, 0);
        if (!TryReadTime(query, "end", now.ToUnixTimeMilliseconds() + 1, out var endMs, ref error)
            || !TryReadTime(query, "start", endMs - (long)UsualRange.TotalMilliseconds, out var startMs, ref error))
        {
            return false;
        }
        if (startMs > endMs)
        {
            error = "end must not be before start";
            return false;
        }
        (startNs, endNs) = (startMs * 1_000_000, endMs * 1_000_000);
        return true;
    }

    private static bool TryReadTime(IQueryCollection query, string name, long whenMissing, out long timestampMs, ref string error)
    {
        // Beyond these nanoseconds since 1970 do not fit; nothing was traced then.
        const long furthest = long.MaxValue / 1_000_000;
        timestampMs = whenMissing;
        if ((string?)query[name] is not { Length: > 0 } text)
        {
            return true;
        }
        if (!ParameterReader.TryParseTime(text, out timestampMs))
        {
            error = $"{name} must be RFC 3339 or seconds since 1970, not {GoQuote.Quote(text)}";
            return false;
        }
        timestampMs = Math.Clamp(timestampMs, -furthest, furthest);
        return true;
    }

    private static bool TryReadConditions(IQueryCollection query, out IReadOnlyList<SpanCondition> conditions, ref string error)
    {
        var read = new List<SpanCondition>();
        conditions = read;
        AddText(SpanField.Service, (string?)query["service"]);
        AddText(SpanField.Name, (string?)query["operation"]);
        if ((string?)query["error"] is "true")
        {
            read.Add(new SpanCondition(SpanField.Status, SpanOperator.Equal, AttributeValue.OfInt((long)SpanStatus.Error)));
        }
        var field = (string?)query["durationOf"] is "span" ? SpanField.Duration : SpanField.TraceDuration;
        if (!TryAddDuration("minDuration", SpanOperator.GreaterOrEqual, ref error) || !TryAddDuration("maxDuration", SpanOperator.LessOrEqual, ref error))
        {
            return false;
        }
        var attributes = query["attribute"];
        if (attributes.Count > MaxAttributes)
        {
            error = $"more than {MaxAttributes} attributes are asked for";
            return false;
        }
        foreach (var text in attributes)
        {
            if (AttributeQuestion.Read(text ?? "", out error) is not { } condition)
            {
                return false;
            }
            read.Add(condition);
        }
        return true;

        void AddText(SpanField what, string? text)
        {
            if (text is { Length: > 0 })
            {
                read.Add(new SpanCondition(what, SpanOperator.Equal, AttributeValue.OfText(text)));
            }
        }

        bool TryAddDuration(string name, SpanOperator compares, ref string error)
        {
            if ((string?)query[name] is not { Length: > 0 } text)
            {
                return true;
            }
            if (!GoDuration.TryParse(text, out var duration) || duration < TimeSpan.Zero)
            {
                error = $"{name} must be a duration as 1.2s, 100ms or 500us, not {GoQuote.Quote(text)}";
                return false;
            }
            read.Add(new SpanCondition(field, compares, AttributeValue.OfInt((long)Math.Min(duration.TotalNanoseconds, long.MaxValue))));
            return true;
        }
    }

    private static TraceOrder? ReadOrder(string text) => text switch
    {
        "" or "newest" => TraceOrder.Newest,
        "longest" => TraceOrder.Longest,
        "shortest" => TraceOrder.Shortest,
        "most-spans" => TraceOrder.MostSpans,
        "fewest-spans" => TraceOrder.FewestSpans,
        _ => null,
    };
}
