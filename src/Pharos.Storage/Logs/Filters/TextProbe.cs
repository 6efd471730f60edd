using System.Buffers.Binary;
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
    public bool MayBeIn(IReadFile file, long offset, int sizeBytes)
    {
        if (_ids.Length + _words.Length == 0 || !TryHeader(file, ref offset, ref sizeBytes, out var words)
            || !TryHeader(file, ref offset, ref sizeBytes, out var ids))
        {
            return true;
        }
        foreach (var hash in _ids)
        {
            if (!MayContain(file, ids, hash))
            {
                return false;
            }
        }
        foreach (var hash in _words)
        {
            if (!MayContain(file, words, hash))
            {
                return false;
            }
        }
        return true;
    }

    private static bool TryHeader(IReadFile file, ref long offset, ref int sizeBytes, out (long At, uint Bits, int Probes) filter)
    {
        filter = default;
        Span<byte> header = stackalloc byte[BloomBits.HeaderBytes];
        if (sizeBytes < header.Length)
        {
            return false;
        }
        file.Read(offset, header);
        var bits = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (bits == 0 || bits % 8 != 0 || bits / 8 > (uint)(sizeBytes - header.Length))
        {
            return false;
        }
        filter = (offset + header.Length, bits, header[4]);
        var length = header.Length + (int)(bits / 8);
        offset += length;
        sizeBytes -= length;
        return true;
    }

    private static bool MayContain(IReadFile file, in (long At, uint Bits, int Probes) filter, ulong hash)
    {
        Span<byte> found = stackalloc byte[1];
        for (var i = 0; i < filter.Probes; i++)
        {
            var bit = BloomBits.Place(hash, i, filter.Bits);
            file.Read(filter.At + (bit >> 3), found);
            if ((found[0] & (1 << (int)(bit & 7))) == 0)
            {
                return false;
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
