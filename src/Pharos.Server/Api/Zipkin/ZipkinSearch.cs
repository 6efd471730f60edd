using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Search;

namespace Pharos.Server.Api.Zipkin;

/// <summary>What <c>GET /api/v2/traces</c> asks for: one span of a trace must satisfy all of it.</summary>
internal sealed class ZipkinSearch
{
    private const int DefaultLimit = 10;

    /// <summary>Bounds one answer.</summary>
    private const int MaxLimit = 1_000;

    private static readonly TimeSpan DefaultLookback = TimeSpan.FromDays(1);

    private readonly List<SpanCondition> _conditions = [];

    /// <summary>Words of the annotation query that are no key with a value.</summary>
    private readonly List<string> _words = [];

    private ZipkinSearch()
    {
    }

    public TraceFilter Filter { get; private set; } = new();

    public int Limit { get; private set; } = DefaultLimit;

    /// <exception cref="FormatException">A parameter is no number.</exception>
    public static ZipkinSearch Read(IQueryCollection query, TimeProvider time)
    {
        var search = new ZipkinSearch();
        search.AddText(SpanField.Service, query["serviceName"].ToString());
        if (query["spanName"].ToString() is var name and not "all")
        {
            search.AddText(SpanField.Name, name);
        }
        if (query["remoteServiceName"].ToString() is { Length: > 0 } remote)
        {
            search.AddTag("peer.service", remote);
        }
        search.AddDuration(query, "minDuration", SpanOperator.GreaterOrEqual);
        search.AddDuration(query, "maxDuration", SpanOperator.LessOrEqual);
        search.AddAnnotations(query["annotationQuery"].ToString());
        search.Limit = (int)Math.Clamp(Number(query, "limit", DefaultLimit), 0, MaxLimit);
        search.Filter = Range(query, time) with { Conditions = search._conditions };
        return search;
    }

    /// <summary>The spans that <c>endTs</c> and <c>lookback</c> leave.</summary>
    /// <exception cref="FormatException">One of them is no number.</exception>
    public static TraceFilter Range(IQueryCollection query, TimeProvider time)
    {
        var end = Number(query, "endTs", time.GetUtcNow().ToUnixTimeMilliseconds());
        var start = Math.Max(0, end - Number(query, "lookback", (long)DefaultLookback.TotalMilliseconds));
        return new TraceFilter { StartNs = Nanos(start), EndNs = Nanos(end + 1) };
    }

    /// <summary>Whether a trace that the filter let through is meant.</summary>
    public bool Matches(Trace trace) => _words.Count == 0 || trace.Spans.Any(span =>
        SpanMatch.Satisfies(span, Filter, new TraceFacts(0, "", "")) && _words.TrueForAll(word => Says(span, word)));

    private static bool Says(Span span, string word) =>
        word == "error" && span.Status == SpanStatus.Error || span.Attributes.Any(tag => tag.Key == word)
        || span.Events.Any(happened => happened.Name == word);

    private static long Nanos(long ms) => ms > long.MaxValue / 1_000_000 ? long.MaxValue : ms * 1_000_000;

    private static long Number(IQueryCollection query, string name, long absent) => query[name].ToString() is not { Length: > 0 } text ? absent
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new FormatException($"{name} is no number: {text}");

    private void AddText(SpanField field, string text)
    {
        if (text.Length > 0)
        {
            _conditions.Add(new SpanCondition(field, SpanOperator.Equal, AttributeValue.OfText(text)));
        }
    }

    private void AddTag(string key, string value) =>
        _conditions.Add(new SpanCondition(SpanField.Attribute, SpanOperator.TextEqual, AttributeValue.OfText(value)) { Key = key });

    private void AddDuration(IQueryCollection query, string name, SpanOperator comparison)
    {
        if (Number(query, name, 0) is var micros and > 0)
        {
            _conditions.Add(new SpanCondition(
                SpanField.Duration, comparison, AttributeValue.OfInt(micros > long.MaxValue / 1000 ? long.MaxValue : micros * 1000)));
        }
    }

    /// <summary><c>http.method=GET and error</c></summary>
    private void AddAnnotations(string query)
    {
        foreach (var term in query.Split(" and ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = term.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                AddTag(term[..equals], term[(equals + 1)..]);
            }
            else
            {
                _words.Add(term);
            }
        }
    }
}
