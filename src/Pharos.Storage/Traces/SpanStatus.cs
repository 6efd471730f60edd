namespace Pharos.Storage.Traces;

/// <summary>How a span ended; the numbers are OTLP's.</summary>
public enum SpanStatus : byte
{
    Unset,
    Ok,
    Error,
}
