namespace Pharos.Collection.Receivers.Otlp.Model;

/// <summary>The library that measured, and what it measured.</summary>
internal sealed class OtlpScope
{
    public string Name { get; set; } = "";

    public string Version { get; set; } = "";

    public string SchemaUrl { get; set; } = "";

    public List<OtlpAttribute> Attributes { get; } = [];

    public List<OtlpMetric> Metrics { get; } = [];
}
