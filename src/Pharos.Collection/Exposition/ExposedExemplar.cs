namespace Pharos.Collection.Exposition;

/// <summary>An exemplar as it was exposed. Reused.</summary>
public sealed class ExposedExemplar
{
    public ExposedLabels Labels { get; } = new();

    public double Value { get; set; }

    /// <summary>Null where the exemplar has none: then it is of the sample's time.</summary>
    public long? TimestampMs { get; set; }
}
