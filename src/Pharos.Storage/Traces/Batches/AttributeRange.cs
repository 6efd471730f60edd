namespace Pharos.Storage.Traces.Batches;

/// <summary>The attributes of one owner in a <see cref="SpanBatch"/>: a chain, since clients may interleave them.</summary>
public record struct AttributeRange(int First, int Last, int Count)
{
    /// <summary>Stands where no further attribute comes.</summary>
    public const int End = -1;

    public static readonly AttributeRange None = new(End, End, 0);
}
