using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Prometheus;

/// <summary><c>/federate</c>: the newest sample of each selected series, in the text format.</summary>
internal sealed class FederateEndpoint(
    IMetricStore store, SelectorParser parser, Func<LabelSet> externalLabels, TimeProvider time, TimeSpan lookback)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var values = await RequestValues.ReadAsync(context);
        var selectors = new List<IReadOnlyList<LabelMatcher>>();
        foreach (var text in values.All("match[]"))
        {
            if (parser(text, out var reason) is not { } matchers)
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                await context.Response.WriteAsync(reason + "\n", context.RequestAborted);
                return;
            }
            selectors.Add(matchers);
        }
        var newest = await Task.Run(() => Newest(selectors, context.RequestAborted), context.RequestAborted);
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        var family = "";
        var external = externalLabels();
        var text64 = new StringBuilder();
        foreach (var (labels, sample) in newest)
        {
            if (labels.MetricName.Length == 0)
            {
                continue;
            }
            if (labels.MetricName != family)
            {
                family = labels.MetricName;
                text64.Append("# TYPE ").Append(family).Append(" untyped\n");
            }
            Append(text64, labels, external, sample);
            if (text64.Length > 64 * 1024)
            {
                await context.Response.WriteAsync(text64.ToString(), context.RequestAborted);
                text64.Clear();
            }
        }
        await context.Response.WriteAsync(text64.ToString(), context.RequestAborted);
    }

    private SortedDictionary<LabelSet, Sample> Newest(
        List<IReadOnlyList<LabelMatcher>> selectors, CancellationToken cancellation)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        // The look-back window is open on its older side.
        var oldestMs = nowMs - (long)lookback.TotalMilliseconds + 1;
        var found = new SortedDictionary<LabelSet, Sample>(Comparer<LabelSet>.Create(ByName));
        var buffer = new SampleBuffer();
        using var querier = store.Querier(oldestMs, nowMs);
        foreach (var selector in selectors)
        {
            foreach (var series in querier.Select(selector, cancellation))
            {
                buffer.Clear();
                series.Read(oldestMs, nowMs, buffer);
                if (buffer.Count > 0 && !StaleMarker.Is(buffer.Values[^1]))
                {
                    found[series.Labels] = new Sample(buffer.Timestamps[^1], buffer.Values[^1]);
                }
            }
        }
        return found;
    }

    /// <summary>Metric names first, so that each family is written in one piece.</summary>
    private static int ByName(LabelSet left, LabelSet right)
    {
        var byName = string.CompareOrdinal(left.MetricName, right.MetricName);
        return byName != 0 ? byName : left.CompareTo(right);
    }

    private static void Append(StringBuilder text, LabelSet labels, LabelSet external, Sample sample)
    {
        var builder = new LabelSetBuilder(labels);
        foreach (var label in external.Span)
        {
            if (!labels.Has(label.Name))
            {
                builder.Set(label.Name, label.Value);
            }
        }
        var all = builder.Build();
        text.Append(all.MetricName).Append('{');
        foreach (var label in all.WithoutMetricName().Span)
        {
            text.Append(label.Name).Append('=').Append(GoQuote.Quote(label.Value)).Append(',');
        }
        if (!all.Has("instance"))
        {
            // An explicit empty instance keeps the federating server from adding its own.
            text.Append("instance=\"\"");
        }
        if (text[^1] == ',')
        {
            text.Length--;
        }
        text.Append("} ").Append(GoFloat.FormatG(sample.Value)).Append(' ')
            .Append(sample.TimestampMs.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
