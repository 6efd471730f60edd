namespace Pharos.Storage.Metrics.Blocks;

/// <summary>The texts of a block's labels by number, read from its file; only some places, and texts used lately, are in memory.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class BlockTexts
{
    /// <summary>The place of each so-manieth text is known; those between are stepped over.</summary>
    private const int Step = 16;

    /// <summary>As many texts are kept, those of equal numbers but for higher bits in place of each other, so that the label sets of one
    /// selection share most of theirs.</summary>
    private const int MaxKept = 4096;

    private readonly BlockSection _section;
    private readonly int[] _places;
    private readonly Kept?[] _kept;

    /// <exception cref="Files.CorruptFileException">The section contradicts itself.</exception>
    public BlockTexts(BlockSection section)
    {
        _section = section;
        using var cursor = section.At(0);
        Count = cursor.Count();
        _places = new int[(Count + Step - 1) / Step];
        _kept = new Kept?[Math.Min(MaxKept, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, Count)))];
        for (var i = 0; i < Count; i++)
        {
            if (i % Step == 0)
            {
                _places[i / Step] = cursor.Position;
            }
            cursor.Skip(cursor.Count());
        }
    }

    public int Count { get; }

    public string this[int number]
    {
        get
        {
            ref var place = ref _kept[number & (_kept.Length - 1)];
            if (Volatile.Read(ref place) is { } known && known.Number == number)
            {
                return known.Text;
            }
            var text = Read(number);
            Volatile.Write(ref place, new Kept(number, text));
            return text;
        }
    }

    private string Read(int number)
    {
        using var cursor = _section.At(_places[number / Step]);
        for (var left = number % Step; left > 0; left--)
        {
            cursor.Skip(cursor.Count());
        }
        return cursor.Text();
    }

    private sealed record Kept(int Number, string Text);
}
