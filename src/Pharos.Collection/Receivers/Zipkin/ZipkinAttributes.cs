namespace Pharos.Collection.Receivers.Zipkin;

/// <summary>Attributes that stand for what only Zipkin's spans say.</summary>
public static class ZipkinAttributes
{
    /// <summary>The client did not know when its span began. OpenTelemetry's collector calls it so.</summary>
    public const string AbsentStart = "otel.zipkin.absentField.startTime";

    /// <summary>The client wants the span kept, whatever samplers think.</summary>
    public const string Debug = "zipkin.debug";
}
