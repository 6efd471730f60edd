namespace Pharos.Collection.Receivers.Loki.Otlp;

/// <summary>What becomes of an attribute of OTLP.</summary>
public enum OtlpAttributeAction
{
    /// <summary>Metadata of the entry.</summary>
    StructuredMetadata,

    /// <summary>A label of the stream.</summary>
    IndexLabel,

    Drop,
}
