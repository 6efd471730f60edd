namespace Pharos.Storage.Traces.Batches;

/// <summary>A text that a <see cref="SpanBatch"/> holds as UTF-8.</summary>
public readonly record struct BatchText(int Start, int Length)
{
    public bool IsEmpty => Length == 0;
}
