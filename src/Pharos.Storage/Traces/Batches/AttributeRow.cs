namespace Pharos.Storage.Traces.Batches;

/// <summary>One attribute in a <see cref="SpanBatch"/>.</summary>
public record struct AttributeRow
{
    public AttributeKind Kind { get; set; }

    public BatchText Key { get; set; }

    /// <summary>Texts, bytes and JSON.</summary>
    public BatchText Text { get; set; }

    /// <summary>Booleans, integers, and the bits of doubles.</summary>
    public long Bits { get; set; }

    /// <summary>The next of the same owner; <see cref="AttributeRange.End"/> at the end.</summary>
    public int Next { get; set; }
}
