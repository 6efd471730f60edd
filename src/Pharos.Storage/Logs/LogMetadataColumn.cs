namespace Pharos.Storage.Logs;

/// <summary>One name of structured metadata over the rows of a block; given back with them.</summary>
public sealed class LogMetadataColumn(string name, ReadOnlyMemory<int> numbers, ReadOnlyMemory<byte> texts, ReadOnlyMemory<int> textEnds)
{
    private bool _isGivenBack;

    public string Name => name;

    /// <summary>For each row the number of its value, -1 where the row does not have this name.</summary>
    /// <exception cref="ObjectDisposedException">The rows were given back.</exception>
    public ReadOnlySpan<int> Numbers
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isGivenBack, this);
            return numbers.Span;
        }
    }

    /// <summary>Number of distinct values.</summary>
    public int Values => textEnds.Length;

    /// <summary>The value of a number, UTF-8.</summary>
    /// <exception cref="ObjectDisposedException">The rows were given back.</exception>
    public ReadOnlySpan<byte> Value(int number)
    {
        ObjectDisposedException.ThrowIf(_isGivenBack, this);
        var ends = textEnds.Span;
        return texts.Span[(number == 0 ? 0 : ends[number - 1])..ends[number]];
    }

    internal void GiveBack() => _isGivenBack = true;
}
