namespace Pharos.Collection.Receivers.Loki.Otlp;

/// <summary>One record of OTLP's logs, but for its body. Filled again and again.</summary>
internal sealed class OtlpLogRecord
{
    public ulong TimeNs { get; set; }

    public ulong ObservedNs { get; set; }

    public long SeverityNumber { get; set; }

    public string SeverityText { get; set; } = "";

    public List<(string Key, object? Value)> Attributes { get; } = [];

    public ulong DroppedAttributes { get; set; }

    public uint Flags { get; set; }

    /// <summary>In hexadecimal; empty for none.</summary>
    public string TraceId { get; set; } = "";

    public string SpanId { get; set; } = "";

    public string EventName { get; set; } = "";

    public void Clear()
    {
        (TimeNs, ObservedNs, SeverityNumber, DroppedAttributes, Flags) = (0, 0, 0, 0, 0);
        (SeverityText, TraceId, SpanId, EventName) = ("", "", "", "");
        Attributes.Clear();
    }
}
