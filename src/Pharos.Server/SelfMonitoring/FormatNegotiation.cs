using System.Globalization;

namespace Pharos.Server.SelfMonitoring;

/// <summary>Chooses the format of an exposition by an <c>Accept</c> header.</summary>
internal static class FormatNegotiation
{
    /// <summary>Bounds what is looked at of a header.</summary>
    private const int MaxClauses = 50;

    /// <param name="openMetricsLast">OpenMetrics only for readers that take nothing else, as Prometheus' federation has it:
    /// it has no way to say that a metric's type is not known.</param>
    public static AnswerFormat Choose(string accept, bool openMetricsLast)
    {
        AnswerFormat? openMetrics = null;
        foreach (var clause in Clauses(accept))
        {
            if (FormatOf(clause) is not { } format)
            {
                continue;
            }
            if (!openMetricsLast || !format.IsOpenMetrics)
            {
                return format;
            }
            openMetrics ??= format;
        }
        var takesAnything = accept.Length == 0 || Clauses(accept).Any(clause => clause.Type is "*/*" or "text/*");
        return openMetrics is not null && !takesAnything ? openMetrics : AnswerFormat.Default;
    }

    private static AnswerFormat? FormatOf((string Type, Dictionary<string, string> Parameters) clause)
    {
        var version = clause.Parameters.GetValueOrDefault("version", "");
        AnswerKind? kind = clause.Type switch
        {
            "application/vnd.google.protobuf" when clause.Parameters.GetValueOrDefault("proto") == "io.prometheus.client.MetricFamily"
                && clause.Parameters.GetValueOrDefault("encoding") == "delimited" => AnswerKind.Protobuf,
            "text/plain" when version is "" or "0.0.4" => AnswerKind.Text,
            "text/plain" when version == "1.0.0" => AnswerKind.Text100,
            "application/openmetrics-text" when version == "1.0.0" => AnswerKind.OpenMetrics,
            "application/openmetrics-text" when version is "" or "0.0.1" => AnswerKind.OpenMetrics001,
            _ => null,
        };
        var escaping = clause.Parameters.GetValueOrDefault("escaping") switch
        {
            "allow-utf-8" => EscapingScheme.AllowUtf8,
            "dots" => EscapingScheme.Dots,
            "values" => EscapingScheme.Values,
            _ => EscapingScheme.Underscores,
        };
        return kind is { } known ? new AnswerFormat(known, escaping) : null;
    }

    /// <summary>The most wanted first; equally wanted ones in the order of the header.</summary>
    private static IEnumerable<(string Type, Dictionary<string, string> Parameters)> Clauses(string accept) => accept
        .Split(',', MaxClauses, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(Parse)
        .OrderByDescending(clause => double.TryParse(
            clause.Parameters.GetValueOrDefault("q", "1"), NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) ? weight : 1);

    private static (string Type, Dictionary<string, string> Parameters) Parse(string clause)
    {
        var parts = clause.Split(';', StringSplitOptions.TrimEntries);
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                parameters[part[..equals].TrimEnd()] = part[(equals + 1)..].Trim().Trim('"');
            }
        }
        return (parts[0].ToLowerInvariant(), parameters);
    }
}
