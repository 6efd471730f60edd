using Pharos.Storage.Files;

namespace Pharos.Storage.Logs.Filters;

/// <summary>A text as filters know it: its pieces, cut and hashed once for all blocks.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
internal sealed class TextProbe
{
    private readonly byte[] _text;
    private readonly ulong[] _words;
    private readonly ulong[] _ids;

    public TextProbe(ReadOnlySpan<byte> text)
    {
        var pieces = new Pieces();
        if (text.Length >= TextFilter.MinTextBytes)
        {
            TextGrams.Ids(text, ref pieces);
            TextGrams.Words(text, ref pieces);
        }
        (_text, _words, _ids) = (text.ToArray(), [.. pieces.Words], [.. pieces.Ids]);
    }

    public bool IsOf(ReadOnlySpan<byte> text) => text.SequenceEqual(_text);

    /// <summary>False only if no line that the filter was made of holds the text.</summary>
    public bool MayBeIn(ReadOnlySpan<byte> filter)
    {
        if (!BloomBits.TryTake(ref filter, out var words) || !BloomBits.TryTake(ref filter, out var ids))
        {
            return true;
        }
        foreach (var hash in _ids)
        {
            if (!BloomBits.MayContain(ids, hash))
            {
                return false;
            }
        }
        foreach (var hash in _words)
        {
            if (!BloomBits.MayContain(words, hash))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The same of a filter in a file, of which only the bits that decide are read. Its checksum must have been right.</summary>
    /// <exception cref="CorruptFileException">The file ends before.</exception>
    public bool MayBeIn(IReadFile file, TextFilterPlace filter) => MayContain(file, filter.Ids, _ids) && MayContain(file, filter.Words, _words);

    private static bool MayContain(IReadFile file, in BloomPlace filter, ulong[] hashes)
    {
        if (filter.Bits == 0)
        {
            return true;
        }
        Span<byte> found = stackalloc byte[1];
        foreach (var hash in hashes)
        {
            for (var i = 0; i < filter.Probes; i++)
            {
                var bit = BloomBits.Place(hash, i, filter.Bits);
                file.Read(filter.Offset + (bit >> 3), found);
                if ((found[0] & (1 << (int)(bit & 7))) == 0)
                {
                    return false;
                }
            }
        }
        return true;
    }

    private struct Pieces : IGramSink
    {
        public Pieces()
        {
        }

        public List<ulong> Words { get; } = [];

        public List<ulong> Ids { get; } = [];

        public readonly void Three(uint gram) => Words.Add(TextFilter.HashOf(gram, isLong: false));

        public readonly void Four(uint gram, bool isThreeKnown) => Words.Add(TextFilter.HashOf(gram, isLong: true));

        public readonly void Id(ulong hash) => Ids.Add(hash);
    }
}
