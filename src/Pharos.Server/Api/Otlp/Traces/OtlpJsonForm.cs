namespace Pharos.Server.Api.Otlp.Traces;

/// <summary>The two ways in which JSON of OTLP is written.</summary>
internal enum OtlpJsonForm
{
    /// <summary>OpenTelemetry's own: ids as hexadecimal digits, enumerations as numbers.</summary>
    Standard,

    /// <summary>What a protobuf library makes of the messages, as Tempo answers: ids and bytes in base64, enumerations by name.</summary>
    Protobuf,
}
