using System.Text;
using Microsoft.AspNetCore.Http;
using Pharos.Server.SelfMonitoring;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Prometheus.Federation;

/// <summary><c>/federate</c>: the newest sample of each selected series, in the format that the reader asks for.</summary>
internal sealed class FederateEndpoint(
    IMetricStore store, SelectorParser parser, Func<LabelSet> externalLabels, TimeProvider time, TimeSpan lookback)
{
    private const int PortionChars = 64 * 1024;

    /// <summary>Asked with the samples that an answer has come to: a text says why it goes no further. Any thread.</summary>
    public Func<long, string?> Refusal { get; init; } = static _ => null;

    public async Task AnswerAsync(HttpContext context)
    {
        var selectors = new List<IReadOnlyList<LabelMatcher>>();
        foreach (var selector in (await RequestValues.ReadAsync(context)).All("match[]"))
        {
            if (parser(selector, out var reason) is not { } matchers)
            {
                await RefuseAsync(context, StatusCodes.Status400BadRequest, reason);
                return;
            }
            selectors.Add(matchers);
        }
        var format = FormatNegotiation.Choose(context.Request.Headers.Accept.ToString(), openMetricsLast: true);
        var (newest, refusal) = await Task.Run(() => Newest(selectors, context.RequestAborted), context.RequestAborted);
        if (refusal is not null)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, refusal);
            return;
        }
        context.Response.ContentType = format.ContentType;
        var families = FederatedFamilies.Of(newest, externalLabels(), withHistograms: format.Kind == AnswerKind.Protobuf);
        if (format.Kind == AnswerKind.Protobuf)
        {
            foreach (var family in families)
            {
                await context.Response.Body.WriteAsync(ProtobufFamilies.Write(family, format.Escaping), context.RequestAborted);
            }
            return;
        }
        await WriteTextAsync(context, families, format);
    }

    private static Task RefuseAsync(HttpContext context, int status, string? reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(reason + "\n", context.RequestAborted);
    }

    private static async Task WriteTextAsync(HttpContext context, IEnumerable<MetricFamilySnapshot> families, AnswerFormat format)
    {
        var text = new StringBuilder();
        var writer = new ExpositionWriter(text, format);
        foreach (var family in families)
        {
            writer.Write(family);
            if (text.Length > PortionChars)
            {
                await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
                text.Clear();
            }
        }
        writer.End();
        await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    /// <summary>The newest samples, or why there are none.</summary>
    private (SortedDictionary<LabelSet, MetricPoint> Newest, string? Refusal) Newest(
        List<IReadOnlyList<LabelMatcher>> selectors, CancellationToken cancellation)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        // The look-back window is open on its older side.
        var oldestMs = nowMs - (long)lookback.TotalMilliseconds + 1;
        var found = new SortedDictionary<LabelSet, MetricPoint>(Comparer<LabelSet>.Create(ByName));
        var buffer = new SampleBuffer();
        var samples = 0L;
        using var querier = store.Querier(oldestMs, nowMs);
        foreach (var selector in selectors)
        {
            foreach (var series in querier.Select(selector, cancellation))
            {
                buffer.Clear();
                series.Read(oldestMs, nowMs, buffer);
                samples += buffer.Count;
                if (Refusal(samples) is { } refusal)
                {
                    return ([], refusal);
                }
                if (buffer.Count > 0 && !StaleMarker.Is(buffer.Values[^1]))
                {
                    found[series.Labels] = new MetricPoint(series.Labels, buffer.Values[^1])
                    {
                        TimestampMs = buffer.Timestamps[^1],
                        Native = buffer.HasHistograms ? buffer.Histograms[^1] : null,
                    };
                }
            }
        }
        return (found, null);
    }

    /// <summary>Metric names first, so that each family is written in one piece.</summary>
    private static int ByName(LabelSet left, LabelSet right)
    {
        var byName = string.CompareOrdinal(left.MetricName, right.MetricName);
        return byName != 0 ? byName : left.CompareTo(right);
    }
}
