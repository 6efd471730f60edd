namespace Pharos.Storage.Traces;

/// <summary>What a span is to its neighbours; the numbers are OTLP's.</summary>
public enum SpanKind : byte
{
    Unspecified,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}
