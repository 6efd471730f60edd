using Pharos.Storage.Encoding;

namespace Pharos.Storage.Logs.Filters;

/// <summary>Knows of a text whether some line of a block may hold it.</summary>
/// <remarks>Layout: the filter of words, then that of ids, each as <see cref="BloomBits"/> has it.</remarks>
internal static class TextFilter
{
    /// <summary>Shorter texts are not known.</summary>
    public const int MinTextBytes = 3;

    /// <summary>A word has several pieces, an id about four: together they are seldom all there by chance.</summary>
    private const double WordBits = 8;
    private const int WordProbes = 4;
    private const double IdBits = 5;
    private const int IdProbes = 3;

    /// <summary>False only if no line that the filter was made of holds the text.</summary>
    public static bool MayContain(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> text) => new TextProbe(text).MayBeIn(filter);

    /// <summary>Of a word piece.</summary>
    public static ulong HashOf(uint gram, bool isLong)
    {
        var mixed = (gram + (isLong ? 0x1_0000_0000UL : 0)) * 0x9E3779B97F4A7C15;
        return mixed ^ (mixed >> 29);
    }

    /// <summary>Writes the filter of the pieces that were collected.</summary>
    public static void Write(GramCollector grams, ByteWriter into)
    {
        BloomBits.Write(grams.Words, WordBits, WordProbes, into);
        BloomBits.Write(grams.Ids, IdBits, IdProbes, into);
    }
}
