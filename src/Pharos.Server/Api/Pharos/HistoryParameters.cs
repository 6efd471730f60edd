using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pharos.Alerting.History;
using Pharos.Server.Api.Alertmanager;
using Pharos.Server.Api.Prometheus;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Pharos;

/// <summary>Reads what a caller wants to see of a history: <c>filter</c> (matchers, as at Alertmanager), <c>receiver</c>,
/// <c>start</c>, <c>end</c>, <c>limit</c> and <c>from</c> (what the last page called <c>next</c>).</summary>
internal static class HistoryParameters
{
    public const int MaxLimit = 1_000;

    private const int DefaultLimit = 500;

    /// <returns>The question, or null with the reason.</returns>
    public static HistoryQuery? Read(IQueryCollection query, out string error)
    {
        if (AlertFilter.Matchers(query, "filter", out error) is not { } matchers
            || !TryReadTime(query, "start", DateTimeOffset.MinValue, out var start, ref error)
            || !TryReadTime(query, "end", DateTimeOffset.MaxValue, out var end, ref error))
        {
            return null;
        }
        var limit = DefaultLimit;
        if ((string?)query["limit"] is { Length: > 0 } wanted
            && (!int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is 0 or > MaxLimit))
        {
            error = $"limit must be a whole number from 1 to {MaxLimit}, not {GoQuote.Quote(wanted)}";
            return null;
        }
        HistoryPosition? from = null;
        if ((string?)query["from"] is { Length: > 0 } place)
        {
            if (!HistoryPosition.TryParse(place, out var position))
            {
                error = $"from must be what an earlier answer calls next, not {GoQuote.Quote(place)}";
                return null;
            }
            from = position;
        }
        return new HistoryQuery
        {
            Matchers = matchers,
            Receiver = (string?)query["receiver"] is { Length: > 0 } receiver ? receiver : null,
            Start = start,
            End = end,
            Limit = limit,
            From = from,
        };
    }

    private static bool TryReadTime(
        IQueryCollection query, string name, DateTimeOffset whenMissing, out DateTimeOffset time, ref string error)
    {
        time = whenMissing;
        if ((string?)query[name] is not { Length: > 0 } text)
        {
            return true;
        }
        if (!ParameterReader.TryParseTime(text, out var timestampMs))
        {
            error = $"{name} must be RFC 3339 or seconds since 1970, not {GoQuote.Quote(text)}";
            return false;
        }
        time = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(
            timestampMs, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
        return true;
    }
}
