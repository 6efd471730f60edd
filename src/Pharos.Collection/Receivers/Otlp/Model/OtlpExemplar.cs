namespace Pharos.Collection.Receivers.Otlp.Model;

/// <summary>One observation that stands for many.</summary>
internal sealed class OtlpExemplar
{
    public ulong TimeNanoseconds { get; set; }

    public double Value { get; set; }

    /// <summary>Lower-case hexadecimal; empty where there is none.</summary>
    public string TraceId { get; set; } = "";

    /// <inheritdoc cref="TraceId"/>
    public string SpanId { get; set; } = "";

    public List<OtlpAttribute> Attributes { get; } = [];
}
