using System.Globalization;
using System.Text.Json;
using Pharos.Query.PromQL;
using Pharos.Query.Results;
using Pharos.Server.Api.Jaeger.Model;
using Pharos.Storage.Metrics;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Jaeger.Monitor;

/// <summary>Latencies, calls and error shares of services, for Jaeger's Monitor.</summary>
internal sealed class MonitorEndpoints(PromEngine engine, IMetricStore store)
{
    private const long NsPerMs = 1_000_000;
    private const long MinStepMs = 1;

    private static readonly TimeSpan DefaultLookback = TimeSpan.FromHours(1);
    private static readonly TimeSpan DefaultStep = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DefaultRate = TimeSpan.FromMinutes(10);

    public void Map(JaegerRoutes routes)
    {
        routes.MapGet("/api/metrics/latencies", LatenciesAsync);
        routes.MapGet("/api/metrics/calls", request => AnswerAsync(
            request, "call_rate", "calls/sec, grouped by service", static question => question.CallQuery()));
        routes.MapGet("/api/metrics/errors", request => AnswerAsync(
            request, "error_rate", "error rate, computed as a fraction of errors/sec over calls/sec, grouped by service",
            static question => question.ErrorQuery()));
        routes.MapGet("/api/metrics/minstep", static request => JaegerReply.DataAsync(request, static json => json.WriteNumberValue(MinStepMs)));
    }

    private Task LatenciesAsync(JaegerRequest request)
    {
        var text = request["quantile"];
        return GoFloat.TryParse(text, out var quantile)
            ? AnswerAsync(
                request, "latencies", $"{quantile.ToString("F2", CultureInfo.InvariantCulture)}th quantile latency, grouped by service",
                question => question.LatencyQuery(quantile))
            : throw JaegerRefusal.BadRequest($"unable to parse param 'quantile': strconv.ParseFloat: parsing {GoQuote.Quote(text)}: invalid syntax");
    }

    private Task AnswerAsync(JaegerRequest request, string name, string help, Func<MonitorQuestion, string> query)
    {
        var question = Read(request);
        var series = Ask(question, query(question), request.Cancellation);
        return JaegerReply.JsonAsync(request, async stream =>
        {
            var json = stream.Writer;
            json.WriteStartObject();
            json.WriteString("name"u8, (question.ByOperation ? "service_operation_" : "service_") + name);
            json.WriteString("type"u8, "GAUGE"u8);
            json.WriteString("help"u8, question.ByOperation ? help + " & operation" : help);
            json.WriteStartArray("metrics"u8);
            foreach (var one in series)
            {
                Write(json, one);
                await stream.BreatheAsync();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private IReadOnlyList<MatrixSeries> Ask(MonitorQuestion question, string query, CancellationToken cancellation)
    {
        try
        {
            var result = engine.Range(store, query, question.EndMs - question.LookbackMs, question.EndMs, question.StepMs, null, cancellation);
            return ((MatrixValue)result.Value).Series;
        }
        catch (QueryException e) when (e.Kind is not QueryErrorKind.Canceled)
        {
            throw new JaegerRefusal(500, $"failed executing metrics query: {e.Message}");
        }
    }

    private static MonitorQuestion Read(JaegerRequest request)
    {
        if (!request.Has("service"))
        {
            throw JaegerRefusal.BadRequest("unable to parse param 'service': please provide at least one service name");
        }
        var question = new MonitorQuestion
        {
            Services = request.All("service"),
            ByOperation = request.Flag("groupByOperation"),
            Kinds = request.Has("spanKind") ? [.. request.All("spanKind").Select(KindOf)] : [SpanKind.Server],
            EndMs = request.Milliseconds("endTs", request.NowNs) / NsPerMs,
            LookbackMs = Milliseconds(request, "lookback", DefaultLookback),
            StepMs = Milliseconds(request, "step", DefaultStep),
            RateMs = Milliseconds(request, "ratePer", DefaultRate),
        };
        return question.StepMs > 0 && question.RateMs > 0 && question.LookbackMs >= 0 ? question
            : throw JaegerRefusal.BadRequest("'step' and 'ratePer' must be positive, 'lookback' must not be negative");
    }

    private static long Milliseconds(JaegerRequest request, string name, TimeSpan otherwise) =>
        request.Milliseconds(name, otherwise.Ticks * TimeSpan.NanosecondsPerTick) / NsPerMs;

    private static SpanKind KindOf(string text)
    {
        foreach (var kind in Enum.GetValues<SpanKind>())
        {
            if ((kind == SpanKind.Unspecified ? "unspecified" : JaegerTags.KindOf(kind)) == text)
            {
                return kind;
            }
        }
        throw JaegerRefusal.BadRequest($"unable to parse param 'spanKind': unsupported span kind: '{text}'");
    }

    private static void Write(Utf8JsonWriter json, MatrixSeries series)
    {
        json.WriteStartObject();
        json.WriteStartArray("labels"u8);
        foreach (var label in series.Labels.Span)
        {
            json.WriteStartObject();
            // The name that Jaeger's interface has known since its first metrics.
            json.WriteString("name"u8, label.Name == "span_name" ? "operation" : label.Name);
            json.WriteString("value"u8, label.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("metricPoints"u8);
        for (var i = 0; i < series.Values.Count; i++)
        {
            json.WriteStartObject();
            json.WriteStartObject("gaugeValue"u8);
            json.WritePropertyName("doubleValue"u8);
            Write(json, series.Values[i]);
            json.WriteEndObject();
            json.WriteString("timestamp"u8, NanosecondTime.Format(series.TimestampsMs[i] * NsPerMs));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Protobuf's JSON gives what is no number as a text.</summary>
    private static void Write(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteRawValue(GoFloat.FormatJson(value), skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }
}
