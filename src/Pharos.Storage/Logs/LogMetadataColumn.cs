namespace Pharos.Storage.Logs;

/// <summary>One name of structured metadata over the rows of a block.</summary>
public sealed class LogMetadataColumn(string name, ReadOnlyMemory<int> numbers, ReadOnlyMemory<byte> texts, ReadOnlyMemory<int> textEnds)
{
    public string Name => name;

    /// <summary>For each row the number of its value, -1 where the row does not have this name.</summary>
    public ReadOnlySpan<int> Numbers => numbers.Span;

    /// <summary>Number of distinct values.</summary>
    public int Values => textEnds.Length;

    /// <summary>The value of a number, UTF-8.</summary>
    public ReadOnlySpan<byte> Value(int number)
    {
        var ends = textEnds.Span;
        return texts.Span[(number == 0 ? 0 : ends[number - 1])..ends[number]];
    }
}
