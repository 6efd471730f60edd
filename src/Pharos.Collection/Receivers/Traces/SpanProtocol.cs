namespace Pharos.Collection.Receivers.Traces;

/// <summary>How spans came.</summary>
public enum SpanProtocol
{
    Unknown,
    OtlpGrpc,
    OtlpHttp,
    JaegerGrpc,
    JaegerHttp,
    JaegerUdp,
    ZipkinHttp,
}
