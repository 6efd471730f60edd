namespace Pharos.Server.SelfMonitoring;

/// <summary>The format that an exposition is answered in.</summary>
internal sealed record AnswerFormat(AnswerKind Kind, EscapingScheme Escaping)
{
    /// <summary>What is sent to whoever names no format.</summary>
    public static readonly AnswerFormat Default = new(AnswerKind.Text, EscapingScheme.Underscores);

    public string ContentType => Kind switch
    {
        AnswerKind.Protobuf => "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
        AnswerKind.OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        AnswerKind.OpenMetrics001 => "application/openmetrics-text; version=0.0.1; charset=utf-8",
        AnswerKind.Text100 => "text/plain; version=1.0.0; charset=utf-8",
        _ => "text/plain; version=0.0.4; charset=utf-8",
    } + "; escaping=" + NameEscaping.NameOf(Escaping);

    public bool IsOpenMetrics => Kind is AnswerKind.OpenMetrics or AnswerKind.OpenMetrics001;
}
