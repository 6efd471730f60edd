using System.Globalization;
using System.Text.RegularExpressions;
using Pharos.Server.Api.Jaeger.Model;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Jaeger.Monitor;

/// <summary>What Jaeger's Monitor asks about services, and the PromQL that answers it from the metrics that spans leave behind.</summary>
internal sealed record MonitorQuestion
{
    private const string Calls = "traces_span_metrics_calls_total";
    private const string Durations = "traces_span_metrics_duration_milliseconds_bucket";

    public required IReadOnlyList<string> Services { get; init; }

    public IReadOnlyList<SpanKind> Kinds { get; init; } = [SpanKind.Server];

    public bool ByOperation { get; init; }

    public long EndMs { get; init; }

    public long LookbackMs { get; init; }

    public long StepMs { get; init; }

    public long RateMs { get; init; }

    public string LatencyQuery(double quantile) => string.Create(
        CultureInfo.InvariantCulture, $"histogram_quantile({GoFloat.FormatF(quantile)}, {Rate(Durations, "", Groups + ", le")})");

    public string CallQuery() => Rate(Calls, "", Groups);

    /// <summary>Where nothing failed, the share is zero.</summary>
    public string ErrorQuery()
    {
        var calls = CallQuery();
        return $"{Rate(Calls, ", status_code=\"STATUS_CODE_ERROR\"", Groups)} / {calls} or {calls} * 0";
    }

    private string Groups => ByOperation ? "service_name, span_name" : "service_name";

    private string Rate(string metric, string more, string groups)
    {
        var services = GoQuote.Quote(string.Join('|', Services.Select(Regex.Escape)));
        var kinds = Kinds.Count == 0 ? ""
            : $", span_kind=~{GoQuote.Quote(string.Join('|', Kinds.Select(static kind => $"SPAN_KIND_{KindName(kind).ToUpperInvariant()}")))}";
        return string.Create(CultureInfo.InvariantCulture, $"sum(rate({metric}{{service_name=~{services}{kinds}{more}}}[{RateMs}ms])) by ({groups})");
    }

    private static string KindName(SpanKind kind) => kind == SpanKind.Unspecified ? "unspecified" : JaegerTags.KindOf(kind);
}
