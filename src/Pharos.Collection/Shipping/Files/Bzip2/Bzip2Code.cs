namespace Pharos.Collection.Shipping.Files.Bzip2;

/// <summary>A canonical prefix code: shorter codes first, those of one length in the order of their symbols.</summary>
internal sealed class Bzip2Code
{
    private const int MaxLength = 20;

    /// <summary>By length: the first code, how many there are, and where their symbols begin.</summary>
    private readonly int[] _first = new int[MaxLength + 1];
    private readonly int[] _counts = new int[MaxLength + 1];
    private readonly int[] _starts = new int[MaxLength + 1];
    private readonly int[] _symbols;

    private Bzip2Code(ReadOnlySpan<byte> lengths)
    {
        _symbols = new int[lengths.Length];
        foreach (var length in lengths)
        {
            _counts[length]++;
        }
        for (var length = 1; length <= MaxLength; length++)
        {
            _first[length] = (_first[length - 1] + _counts[length - 1]) << 1;
            _starts[length] = _starts[length - 1] + _counts[length - 1];
        }
        var next = (int[])_starts.Clone();
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            _symbols[next[lengths[symbol]]++] = symbol;
        }
    }

    /// <summary>Each symbol's length as its difference to that before: 0 ends it, 10 is one more, 11 one less.</summary>
    public static Bzip2Code Read(Bzip2Bits bits, int symbols)
    {
        Span<byte> lengths = stackalloc byte[symbols];
        var length = (int)bits.Read(5);
        for (var symbol = 0; symbol < symbols; symbol++)
        {
            while (true)
            {
                if (length is < 1 or > MaxLength)
                {
                    throw new InvalidDataException($"a bzip2 code has {length} bits");
                }
                if (!bits.ReadFlag())
                {
                    break;
                }
                length += bits.ReadFlag() ? -1 : 1;
            }
            lengths[symbol] = (byte)length;
        }
        return new Bzip2Code(lengths);
    }

    public int Next(Bzip2Bits bits)
    {
        var code = 0;
        for (var length = 1; length <= MaxLength; length++)
        {
            code = (code << 1) | (int)bits.Read(1);
            var offset = code - _first[length];
            if (offset >= 0 && offset < _counts[length])
            {
                return _symbols[_starts[length] + offset];
            }
        }
        throw new InvalidDataException("the bzip2 data have a code that means nothing");
    }
}
